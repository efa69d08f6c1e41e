package bond_test

import (
	"encoding/csv"
	"math/big"
	"os"
	"testing"

	"tenderbook/calendar"
	"tenderbook/money"
)

// A row of a file of published figures, by column name.
type row map[string]string

// readRows reads testdata/name. Each file has a source column that says where
// every figure was published.
func readRows(t *testing.T, name string) []row {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for _, record := range records[1:] {
		r := row{}
		for i, column := range records[0] {
			r[column] = record[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// date reads a date; "" is no date.
func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	if s == "" {
		return calendar.Date{}
	}
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func dec(t testing.TB, s string) money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func rat(t testing.TB, s string) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is not a number", s)
	}
	return x
}

// percentOf turns a published rate such as 0.0675 into 6.75 percent.
func percentOf(t testing.TB, rate string) money.Decimal {
	t.Helper()
	d := dec(t, rate)
	p, err := money.RoundDecimal(new(big.Rat).Mul(d.Rat(), big.NewRat(100, 1)), max(d.Scale()-2, 0), money.Exact)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// near reports whether |a - b| <= tolerance.
func near(a, b, tolerance *big.Rat) bool {
	d := new(big.Rat).Sub(a, b)
	return d.Abs(d).Cmp(tolerance) <= 0
}

// thousandths gives n / 1000.
func thousandths(n int64) money.Decimal { return money.DecimalOf(n, 3) }
