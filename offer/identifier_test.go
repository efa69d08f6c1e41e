package offer

import "testing"

func TestCheckDigits(t *testing.T) {
	for _, x := range []struct {
		claim, code string
		check       func(string) error
		ok          bool
	}{
		{"a CUSIP of digits", "037833100", CheckCUSIP, true},
		{"a CUSIP with a letter", "38259P508", CheckCUSIP, true},
		{"a CUSIP of a private placement", "68389X105", CheckCUSIP, true},
		{"a digit changed", "037833101", CheckCUSIP, false},
		{"two digits exchanged", "073833100", CheckCUSIP, false},
		{"a US ISIN", "US0378331005", CheckISIN, true},
		{"an Australian ISIN with letters", "AU0000XVGZA3", CheckISIN, true},
		{"a British ISIN", "GB0002634946", CheckISIN, true},
		{"an international ISIN", "XS2226645278", CheckISIN, true},
		{"a digit changed", "GB0002634947", CheckISIN, false},
		{"small letters", "us0378331005", CheckISIN, false},
		{"nothing", "", CheckISIN, false},
	} {
		if err := x.check(x.code); (err == nil) != x.ok {
			t.Errorf("%s: %q: got %v, want ok %v", x.claim, x.code, err, x.ok)
		}
	}
}

// Every single wrong digit is found by both check digits.
func TestEveryWrongDigitIsFound(t *testing.T) {
	for _, x := range []struct {
		code  string
		check func(string) error
	}{{"037833100", CheckCUSIP}, {"US0378331005", CheckISIN}} {
		for i := range len(x.code) {
			for d := byte('0'); d <= '9'; d++ {
				b := []byte(x.code)
				if b[i] < '0' || b[i] > '9' || b[i] == d {
					continue
				}
				b[i] = d
				if x.check(string(b)) == nil {
					t.Errorf("%s passes for %s", b, x.code)
				}
			}
		}
	}
}

func TestNearestWord(t *testing.T) {
	known := []string{"level", "levels", "maximum", "early_tender", "early-first", "principal"}
	for _, x := range []struct{ word, want string }{
		{"levle", "level"},               // neighbours exchanged
		{"early-tender", "early_tender"}, // another mark between the words
		{"Maximum", "maximum"},           // capitals
		{"pincipal", "principal"},        // a letter lost
		{"coupon", ""},                   // near to none
		{"x", ""},
	} {
		if got := Nearest(x.word, known); got != x.want {
			t.Errorf("%q: got %q, want %q", x.word, got, x.want)
		}
	}
}
