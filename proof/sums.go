package proof

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Sums are totals by series. As text, each is five numbers: tenders, tendered,
// accepted, consideration, interest.
type Sums []Totals

// MarshalText gives "1 5000 3000 2625 12, 0 0 0 0 0".
func (s Sums) MarshalText() ([]byte, error) {
	var text []byte
	for i, t := range s {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = fmt.Appendf(text, "%d %d %d %d %d", t.Tenders, t.Tendered, t.Accepted, t.Consideration, t.Interest)
	}
	return text, nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Sums) UnmarshalText(text []byte) error {
	*s = nil
	for one := range strings.SplitSeq(string(text), ", ") {
		fields := strings.Split(one, " ")
		if len(fields) != 5 {
			return fmt.Errorf("sums %q, needs five numbers for a series", one)
		}
		var n [5]int64
		for i, f := range fields {
			v, err := strconv.ParseUint(f, 10, 63)
			if err != nil || strconv.FormatUint(v, 10) != f {
				return fmt.Errorf("sums %q, needs five numbers for a series", one)
			}
			n[i] = int64(v)
		}
		*s = append(*s, Totals{n[0], n[1], n[2], n[3], n[4]})
	}
	return nil
}

// appendBinary appends 40 bytes for each series, numbers big-endian.
func (s Sums) appendBinary(dst []byte) []byte {
	for _, t := range s {
		for _, n := range [...]int64{t.Tenders, t.Tendered, t.Accepted, t.Consideration, t.Interest} {
			dst = binary.BigEndian.AppendUint64(dst, uint64(n))
		}
	}
	return dst
}

// plus adds sums up. None may be negative or pass 63 bits.
func (s Sums) plus(o Sums) (Sums, error) {
	if len(s) != len(o) {
		return nil, errors.New("sums of different numbers of series")
	}
	all := make(Sums, len(s))
	for i := range s {
		a, b := s[i], o[i]
		all[i] = Totals{a.Tenders + b.Tenders, a.Tendered + b.Tendered, a.Accepted + b.Accepted, a.Consideration + b.Consideration, a.Interest + b.Interest}
		for _, t := range [...]Totals{a, b, all[i]} {
			if t.Tenders < 0 || t.Tendered < 0 || t.Accepted < 0 || t.Consideration < 0 || t.Interest < 0 {
				return nil, errTooLarge
			}
		}
	}
	return all, nil
}

// PaymentSums are what nodes of a payment's tree add up: the totals of tenders of
// one series, and what they claim before the payment is rounded. As text they are
// seven numbers: "1 5000 3000 2625 12 5249/2 73/6".
type PaymentSums struct {
	Totals
	ExactConsideration Ratio
	ExactInterest      Ratio
}

// MarshalText gives the seven numbers.
func (s PaymentSums) MarshalText() ([]byte, error) {
	text, _ := Sums{s.Totals}.MarshalText()
	return fmt.Appendf(text, " %s %s", s.ExactConsideration.Rat().RatString(), s.ExactInterest.Rat().RatString()), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *PaymentSums) UnmarshalText(text []byte) error {
	fields := strings.Split(string(text), " ")
	if len(fields) != 7 {
		return fmt.Errorf("sums of a payment %q, needs seven numbers", text)
	}
	var whole Sums
	if err := whole.UnmarshalText([]byte(strings.Join(fields[:5], " "))); err != nil {
		return err
	}
	s.Totals = whole[0]
	for i, to := range [...]*Ratio{&s.ExactConsideration, &s.ExactInterest} {
		if err := to.UnmarshalText([]byte(fields[5+i])); err != nil {
			return err
		}
	}
	return nil
}

// appendBinary appends 40 bytes and the two ratios as texts.
func (s PaymentSums) appendBinary(dst []byte) []byte {
	dst = Sums{s.Totals}.appendBinary(dst)
	return appendTexts(dst, s.ExactConsideration.Rat().RatString(), s.ExactInterest.Rat().RatString())
}

// plus adds sums up. None may be negative or, but for the ratios, pass 63 bits.
func (s PaymentSums) plus(o PaymentSums) (PaymentSums, error) {
	whole, err := Sums{s.Totals}.plus(Sums{o.Totals})
	if err != nil {
		return s, err
	}
	add := func(a, b Ratio) Ratio { return NewRatio(new(big.Rat).Add(a.Rat(), b.Rat())) }
	return PaymentSums{whole[0], add(s.ExactConsideration, o.ExactConsideration), add(s.ExactInterest, o.ExactInterest)}, nil
}

// equal reports whether two sums are the same numbers.
func (s PaymentSums) equal(o PaymentSums) bool {
	return s.Totals == o.Totals && s.ExactConsideration.Rat().Cmp(o.ExactConsideration.Rat()) == 0 && s.ExactInterest.Rat().Cmp(o.ExactInterest.Rat()) == 0
}

func appendTexts(dst []byte, texts ...string) []byte {
	for _, s := range texts {
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(s)))
		dst = append(dst, s...)
	}
	return dst
}

func appendNumbers(dst []byte, numbers ...int64) []byte {
	for _, n := range numbers {
		dst = appendTexts(dst, strconv.FormatInt(n, 10))
	}
	return dst
}
