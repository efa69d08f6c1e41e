package money

import (
	"fmt"
	"math/big"
	"strings"
)

// A Currency is one of ISO 4217's, with the number of decimals of its minor
// unit. The zero value is no currency.
type Currency struct {
	Code   string // three capital letters
	Digits int    // decimals: 2 for USD, 0 for JPY, 3 for KWD
}

// The currencies that most offers are in.
var (
	USD = Currency{"USD", 2}
	EUR = Currency{"EUR", 2}
	GBP = Currency{"GBP", 2}
	JPY = Currency{"JPY", 0}
)

// minorDigits lists currencies by the decimals of their minor unit, after the
// ISO 4217 table of active codes.
var minorDigits = map[int]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
	2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG",
	3: "BHD IQD JOD KWD LYD OMR TND",
}

var currencies = func() map[string]Currency {
	all := map[string]Currency{}
	for digits, codes := range minorDigits {
		for _, code := range strings.Fields(codes) {
			all[code] = Currency{code, digits}
		}
	}
	return all
}()

// ParseCurrency finds a currency by its ISO 4217 code, in capitals.
func ParseCurrency(code string) (Currency, error) {
	c, ok := currencies[code]
	if !ok {
		return Currency{}, fmt.Errorf("%q is not an ISO 4217 currency code", code)
	}
	return c, nil
}

// A Rate says how many units of To one unit of From is worth: EUR/USD 1.2950
// is 1.2950 dollars for one euro.
type Rate struct {
	From, To Currency
	Value    Decimal // > 0
}

// Minor is the rate between minor units, exactly: what one minor unit of From
// is worth in minor units of To.
func (r Rate) Minor() *big.Rat {
	v := r.Value.Rat()
	v.Mul(v, new(big.Rat).SetInt64(pow10[r.To.Digits]))
	return v.Quo(v, new(big.Rat).SetInt64(pow10[r.From.Digits]))
}

// Convert turns an amount of From into To, rounded as named.
func (r Rate) Convert(a Amount, how Rounding) (Amount, error) {
	if a.Currency != r.From {
		return Amount{}, fmt.Errorf("rate %s/%s does not convert %s", r.From.Code, r.To.Code, a.Currency.Code)
	}
	x := r.Minor()
	x.Mul(x, new(big.Rat).SetInt64(a.Minor))
	minor, err := RoundRat(x, how)
	return Amount{minor, r.To}, err
}

// String gives the rate as it is quoted: "EUR/USD 1.2950".
func (r Rate) String() string { return r.From.Code + "/" + r.To.Code + " " + r.Value.String() }
