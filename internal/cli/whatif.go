package cli

import (
	"strings"

	"tenderbook/offer"
)

// whatIf gives a history with the values of --set in the place of the terms'
// own. The files stay as they are.
func whatIf(h *offer.History, sets []string) (*offer.History, error) {
	if len(sets) == 0 {
		return h, nil
	}
	var changes []offer.Override
	for _, set := range sets {
		path, value, ok := strings.Cut(set, "=")
		if !ok || path == "" {
			return nil, usagef("", "--set %q needs PATH=VALUE, such as caps.0.amount=\"USD 1,105,000,000\"", set)
		}
		changes = append(changes, offer.Override{Path: path, Value: value})
	}
	return h.SetAll(changes...)
}
