package offer

import "slices"

// Where finds the place in the files of what made a series of some version's
// terms: its pricing where it has one, else the series itself. It gives the zero
// Position for terms that are not of this history, or a series they do not have.
func (h *History) Where(t *Terms, series string) Position {
	i := slices.IndexFunc(h.versions, func(v Version) bool { return v.Terms == t })
	if i < 0 {
		return Position{}
	}
	all := h.versions[i].root.child("series")
	if all == nil {
		return Position{}
	}
	for n, item := range all.items {
		if itemName(item, "id", n) != series {
			continue
		}
		if m, ok := item.get("pricing"); ok {
			return m.at
		}
		return item.at
	}
	return Position{}
}
