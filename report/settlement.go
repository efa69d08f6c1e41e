package report

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"

	"tenderbook/allocation"
)

// A Settlement is what a run took, as far as a later run of the same offer
// needs it. It names caps and series, so that it survives an amendment that
// adds, drops or reorders them.
type Settlement struct {
	Caps  []SettledCap    `json:"caps"`
	Taken []SettledSeries `json:"taken"`
}

// A SettledCap is what a cap had counted. Used is an exact ratio of minor units
// of the cap's currency: "44990300000" or "7/3".
type SettledCap struct {
	Name     string   `json:"name"`
	Counts   string   `json:"counts"`
	Series   []string `json:"series"`
	Less     []string `json:"less,omitempty"`
	Used     string   `json:"used_minor"`
	ClosedAt *Minor   `json:"closed_at_minor,omitempty"` // the amount at which it was closed; nil: open
}

// SettledSeries is the principal accepted of a series, in minor units, by its
// places from the best level on.
type SettledSeries struct {
	Series string  `json:"series"`
	Places []Minor `json:"places_minor"`
}

// Minor is a number of minor units: a string in JSON, so that no reader turns
// it into a float.
type Minor int64

// MarshalText gives the digits.
func (m Minor) MarshalText() ([]byte, error) { return strconv.AppendInt(nil, int64(m), 10), nil }

// UnmarshalText reads digits and refuses what is not a whole number of 64 bits.
func (m *Minor) UnmarshalText(digits []byte) error {
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a whole number of minor units", digits)
	}
	*m = Minor(n)
	return nil
}

func (v *view) settlement() Settlement {
	s := v.Decision.Settled()
	out := Settlement{Caps: []SettledCap{}, Taken: []SettledSeries{}}
	for k, c := range v.Alloc.Caps {
		row := SettledCap{
			Name: v.capKey(k), Counts: countsNames[c.Counts],
			Series: seriesIDs(v.Alloc, c.Series), Less: seriesIDs(v.Alloc, c.Less), Used: s.Used[k].RatString(),
		}
		if s.ClosedAt[k] >= 0 {
			closed := Minor(s.ClosedAt[k])
			row.ClosedAt = &closed
		}
		out.Caps = append(out.Caps, row)
	}
	for i, places := range s.Taken {
		row := SettledSeries{Series: v.Alloc.Series[i].ID}
		for _, p := range places {
			row.Places = append(row.Places, Minor(p))
		}
		out.Taken = append(out.Taken, row)
	}
	return out
}

// ErrSettledCap is returned where a later run has a cap that counts money and
// that the settled run did not know in the same shape: how much of it was used
// is not on record.
var ErrSettledCap = errors.New("what an earlier run used of the cap is not known")

// For turns a settlement into what the terms of a later run need. A cap that
// the settled run did not have, or that covered other series, starts with the
// principal accepted of the series it covers now; if it counts money that fails
// with [ErrSettledCap]. A settled series that the terms no longer have, or have at
// fewer places, is an error.
func (s Settlement) For(t *allocation.Terms) (*allocation.Settled, error) {
	out := &allocation.Settled{Taken: make([][]int64, len(t.Series))}
	for i := range t.Series {
		out.Taken[i] = make([]int64, len(t.Series[i].Places))
	}
	for _, taken := range s.Taken {
		i := slices.IndexFunc(t.Series, func(x allocation.Series) bool { return x.ID == taken.Series })
		switch {
		case i < 0 && slices.Max(append(taken.Places, 0)) == 0:
			continue
		case i < 0:
			return nil, summaryError(fmt.Sprintf("has series %q settled, the terms do not have it", taken.Series))
		case len(taken.Places) > len(t.Series[i].Places):
			return nil, summaryError(fmt.Sprintf("has series %q settled at %d levels, the terms have it at %d",
				taken.Series, len(taken.Places), len(t.Series[i].Places)))
		}
		for place, p := range taken.Places {
			out.Taken[i][place] = int64(p)
		}
	}
	for k := range t.Caps {
		used, closedAt, err := s.capUse(t, k, out.Taken)
		if err != nil {
			return nil, err
		}
		out.Used = append(out.Used, used)
		out.ClosedAt = append(out.ClosedAt, closedAt)
	}
	return out, nil
}

// capUse is what the settled run used of a cap of later terms, and the amount
// at which it closed it, or -1.
func (s Settlement) capUse(t *allocation.Terms, k int, taken [][]int64) (*big.Rat, int64, error) {
	c := &t.Caps[k]
	for _, was := range s.Caps {
		if was.Name != capKey(t, k) {
			continue
		}
		if was.Counts != countsNames[c.Counts] || !sameSet(was.Series, seriesIDs(t, c.Series)) || !sameSet(was.Less, seriesIDs(t, c.Less)) {
			break
		}
		used, ok := new(big.Rat).SetString(was.Used)
		if !ok || used.Sign() < 0 {
			return nil, 0, summaryError(fmt.Sprintf("cap %q: used %q is not a ratio", was.Name, was.Used))
		}
		if was.ClosedAt == nil {
			return used, -1, nil
		}
		return used, int64(*was.ClosedAt), nil
	}
	if c.Counts != allocation.CountsPrincipal {
		return nil, 0, fmt.Errorf("cap %q counts money and is new or changed since the settled run: %w", c.Name, ErrSettledCap)
	}
	return principalUse(c, taken), -1, nil
}

// principalUse is the principal taken of the series that a cap covers or is
// net of.
func principalUse(c *allocation.Cap, taken [][]int64) *big.Rat {
	used := new(big.Rat)
	for _, i := range slices.Concat(c.Series, c.Less) {
		for _, p := range taken[i] {
			x := ratInt(p)
			if rate := c.Rate[i]; rate != nil {
				x.Mul(x, rate)
			}
			used.Add(used, x)
		}
	}
	return used
}

func seriesIDs(t *allocation.Terms, indexes []int) []string {
	var ids []string
	for _, i := range indexes {
		ids = append(ids, t.Series[i].ID)
	}
	return ids
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

func summaryError(what string) error { return errors.New("summary " + what) }
