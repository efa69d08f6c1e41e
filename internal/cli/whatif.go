package cli

import (
	"strings"

	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/scenario"
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

// plainAmount writes the short form of an amount out as an offer file has it: "5m"
// is 5,000,000, "USD 1.2bn" is USD 1,200,000,000. All else stays as it is, for the
// reader of offer files to judge.
func plainAmount(s string) string {
	code, digits, named := strings.Cut(strings.TrimSpace(s), " ")
	if !named {
		code, digits = "", code
	}
	n, err := scenario.ParseNumber(digits)
	if _, plain := money.ParseDecimal(digits); err != nil || plain == nil {
		return s
	}
	return strings.TrimSpace(code + " " + money.Group(n.String()))
}
