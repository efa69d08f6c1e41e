package bond

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"tenderbook/money"
)

// thirtySeconds is 98-23, with an optional half (+) or fraction of a 32nd.
var thirtySeconds = regexp.MustCompile(`^([0-9]{1,4})-([0-9]{2})(?:(\+)| ?([1357])/([248]))?$`)

// ParseBidPrice reads a dealer's price in percent of principal: a decimal such
// as 98.734375, or points and 32nds as US Treasuries are quoted. 98-23+ is 98
// and 23½ 32nds, 103-01 1/4 is 103 and 1¼ 32nds. The value is exact. It refuses
// 32 and more 32nds, and 98-234, in which the last digit means eighths to some
// and nothing to others.
func ParseBidPrice(s string) (money.Decimal, error) {
	if !strings.Contains(s, "-") {
		d, err := money.ParseDecimal(s)
		if err != nil || d.Sign() <= 0 {
			return money.Decimal{}, fmt.Errorf("%q is not a price, needs a decimal such as 98.734375, or 32nds such as 98-23+", s)
		}
		return d, nil
	}
	m := thirtySeconds.FindStringSubmatch(s)
	if m == nil {
		return money.Decimal{}, fmt.Errorf("%q is not a price in 32nds, needs points, two digits and perhaps a fraction, such as 98-23, 98-23+ or 98-23 1/4", s)
	}
	points, _ := strconv.ParseInt(m[1], 10, 64) // at most four digits
	parts, _ := strconv.ParseInt(m[2], 10, 64)
	if parts > 31 {
		return money.Decimal{}, fmt.Errorf("%q has %d 32nds, needs 00 to 31", s, parts)
	}
	x := big.NewRat(points*32+parts, 32)
	switch {
	case m[3] != "":
		x.Add(x, big.NewRat(1, 64))
	case m[4] != "":
		up, _ := strconv.ParseInt(m[4], 10, 64)
		down, _ := strconv.ParseInt(m[5], 10, 64)
		if up > down {
			return money.Decimal{}, fmt.Errorf("%q has %d/%d of a 32nd, needs less than one", s, up, down)
		}
		x.Add(x, big.NewRat(up, 32*down))
	}
	if x.Sign() == 0 {
		return money.Decimal{}, fmt.Errorf("%q is not a price, needs one above zero", s)
	}
	decimals, _ := x.FloatPrec() // a 256th ends after eight
	return money.RoundDecimal(x, decimals, money.Exact)
}
