package bond_test

import (
	"strings"
	"testing"

	"tenderbook/bond"
)

func TestBidPricesAreReadAsDealersWriteThem(t *testing.T) {
	for _, x := range []struct{ claim, in, want string }{
		{"a decimal stays", "98.734375", "98.734375"},
		{"whole points", "100", "100"},
		{"points and 32nds", "98-23", "98.71875"},            // 23/32
		{"a plus is half a 32nd", "98-23+", "98.734375"},     // 47/64
		{"a quarter of a 32nd", "103-01 1/4", "103.0390625"}, // 5/128
		{"an eighth without a blank", "98-237/8", "98.74609375"},
		{"no 32nds", "100-00", "100"},
		{"the last 32nd", "99-31+", "99.984375"},
	} {
		got, err := bond.ParseBidPrice(x.in)
		if err != nil || got.String() != x.want {
			t.Errorf("%s: ParseBidPrice(%q) = %s, %v, want %s", x.claim, x.in, got, err, x.want)
		}
	}
}

func TestBidPricesThatMeanNothingOrTwoThingsAreRefused(t *testing.T) {
	for in, why := range map[string]string{
		"98-32": "00 to 31", "98-234": "98-23 1/4", "98-5": "two digits", "98-23++": "98-23+", "98-23 5/4": "less than one",
		"-98": "points", "0": "decimal", "98-23 1/3": "fraction", "": "decimal", "98.5-16": "points", "0-00": "above zero",
	} {
		if got, err := bond.ParseBidPrice(in); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("ParseBidPrice(%q) = %s, %v, want an error with %q", in, got, err, why)
		}
	}
}
