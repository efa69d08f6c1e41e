package offer

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	cusipForm      = regexp.MustCompile(`^[0-9A-Z*@#]{8}[0-9]$`)
	isinForm       = regexp.MustCompile(`^[A-Z]{2}[0-9A-Z]{9}[0-9]$`)
	scientificForm = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$`)
)

// CheckCUSIP says what is wrong with a CUSIP, or nil. The ninth character is a
// check digit: modulus 10 double-add-double over the eight before it (ANSI
// X9.6). Damage that spreadsheets do is recognised.
func CheckCUSIP(s string) error {
	_, err := parseCUSIP(s)
	return err
}

// CheckISIN says what is wrong with an ISIN, or nil. The twelfth character is a
// check digit by Luhn's formula over the digits that the letters stand for (ISO
// 6166).
func CheckISIN(s string) error {
	_, err := parseISIN(s)
	return err
}

func parseCUSIP(s string) (string, error) {
	const needed = "a CUSIP of nine characters with its check digit"
	switch {
	case scientificForm.MatchString(s):
		return "", wrong{quote(s) + " has been turned into a power of ten, as spreadsheets do", needed, "take it from the source again and format the column as text"}
	case len(s) < 9 && len(s) >= 6 && cusipForm.MatchString(zeros(s, 9)) && cusipDigit(zeros(s, 9)) == s[len(s)-1]:
		return "", wrong{fmt.Sprintf("%s has %d characters", quote(s), len(s)), needed, fmt.Sprintf("did you mean %q? spreadsheets take leading zeros away", zeros(s, 9))}
	case isinForm.MatchString(s):
		return "", wrong{quote(s) + " is an ISIN", needed, fmt.Sprintf("write it under isin; the CUSIP inside it is %q", s[2:11])}
	case !cusipForm.MatchString(s):
		return "", wrong{quote(s) + " is not a CUSIP", needed, upperHint(s, cusipForm)}
	case cusipDigit(s) != s[8]:
		return "", wrong{fmt.Sprintf("%s has check digit %c", quote(s), s[8]), fmt.Sprintf("%c for these eight characters", cusipDigit(s)), "look for two characters exchanged, or O for 0 and I for 1"}
	}
	return s, nil
}

func parseISIN(s string) (string, error) {
	const needed = "an ISIN of twelve characters with its check digit"
	switch {
	case scientificForm.MatchString(s):
		return "", wrong{quote(s) + " has been turned into a power of ten, as spreadsheets do", needed, "take it from the source again and format the column as text"}
	case cusipForm.MatchString(s) && cusipDigit(s) == s[8]:
		return "", wrong{quote(s) + " is a CUSIP", needed, fmt.Sprintf("write it under cusip; the ISIN of a US security is %q", "US"+s+string(isinDigit("US"+s)))}
	case !isinForm.MatchString(s):
		return "", wrong{quote(s) + " is not an ISIN", needed, upperHint(s, isinForm)}
	case isinDigit(s[:11]) != s[11]:
		return "", wrong{fmt.Sprintf("%s has check digit %c", quote(s), s[11]), fmt.Sprintf("%c for these eleven characters", isinDigit(s[:11])), "look for two characters exchanged, or O for 0 and I for 1"}
	}
	return s, nil
}

// zeros fills s with leading zeros.
func zeros(s string, length int) string { return strings.Repeat("0", max(length-len(s), 0)) + s }

func upperHint(s string, form *regexp.Regexp) string {
	plain := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	if plain != s && form.MatchString(plain) {
		return fmt.Sprintf("did you mean %q?", plain)
	}
	return ""
}

// value of a character: 0-9, A-Z as 10-35, then * @ #.
func characterValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	}
	return 36 + strings.IndexByte("*@#", c)
}

// cusipDigit is the check digit of the first eight characters: every second
// value is doubled, and the digits of all values are added up.
func cusipDigit(s string) byte {
	sum := 0
	for i := range 8 {
		v := characterValue(s[i])
		if i%2 == 1 {
			v *= 2
		}
		sum += v/10 + v%10
	}
	return byte('0' + (10-sum%10)%10)
}

// isinDigit is the check digit of the first eleven characters: letters become
// two digits, every second digit from the right is doubled, and all digits are
// added up.
func isinDigit(s string) byte {
	sum, double := 0, true
	for i := 10; i >= 0; i-- {
		for v := characterValue(s[i]); ; v /= 10 {
			d := v % 10
			if double {
				d *= 2
			}
			sum += d/10 + d%10
			double = !double
			if v < 10 {
				break
			}
		}
	}
	return byte('0' + (10-sum%10)%10)
}
