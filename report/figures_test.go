package report

import (
	"bytes"
	"math/big"
	"strings"
	"testing"

	"tenderbook/money"
)

func TestPercentText(t *testing.T) {
	cases := []struct {
		num, den int64
		decimals int
		want     string
	}{
		{138_425, 335_600, 4, "41.2470%"}, // 0.4124702026...
		{138_425, 335_601, 4, "41.2469%"}, // 0.4124689735...: rounded half up
		{1, 1, 4, "100%"},
		{0, 1, 4, "0%"},
		{999_999_999, 1_000_000_000, 4, "99.9999%"}, // not all is not 100
		{1, 1_000_000_000, 4, "<0.0001%"},           // something is not 0
		{802_575, 450_000, 2, "178.35%"},
		{3, 2, 2, "150.00%"},
		{449_903, 450_000, 2, "99.98%"},
	}
	for _, c := range cases {
		if got := percentText(big.NewRat(c.num, c.den), c.decimals); got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.num, c.den, got, c.want)
		}
	}
}

func TestAmountsCarryTheirCurrency(t *testing.T) {
	yen, dinar, franc := money.JPY, money.Currency{Code: "KWD", Digits: 3}, money.Currency{Code: "CHF", Digits: 2}
	for _, c := range []struct{ got, want string }{
		{principalText(249_457_000_00, money.USD), "$249,457,000"},
		{principalText(1_00, franc), "CHF 1"},
		{principalText(1_50, money.EUR), "€1.50"},
		{principalText(1_000_000, yen), "JPY 1,000,000"},
		{cashText(1_234_567, dinar), "KWD 1,234.567"},
		{cashText(-5_00, money.GBP), "−£5.00"},
		{ratText(big.NewRat(-700, 3), money.USD), "−$2.33"},
		{padDecimals(money.DecimalOf(8575, 1), 2), "857.50"},
		{padDecimals(money.DecimalOf(857, 0), 2), "857.00"},
		{padDecimals(money.DecimalOf(857123, 3), 2), "857.123"},
		{cutRat(big.NewRat(2, 3), 4), "0.6666"},
		{decimalText(big.NewRat(1, 2)), "0.5"},
		{decimalText(big.NewRat(2, 3)), "0.666666666..."},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

func TestCSVIsNotCalculated(t *testing.T) {
	table := &Table{Columns: []Column{{Key: "title"}, {Key: "n", Kind: Principal}}, Rows: []Row{
		{Cells: []Cell{textCell(`=HYPERLINK("x")`), {"−$5", "-5.00"}}},
		{Cells: []Cell{textCell("+1"), {"1", "1"}}},
		{Cells: []Cell{textCell("-1"), none}},
		{Cells: []Cell{textCell("@a"), none}},
		{Cells: []Cell{textCell("\ta"), none}},
		{Cells: []Cell{textCell(`9 1/8%, "senior"`), none}},
	}}
	var b bytes.Buffer
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "title,n\n\"'=HYPERLINK(\"\"x\"\")\",-5.00\n'+1,1\n'-1,\n'@a,\n'\ta,\n\"9 1/8%, \"\"senior\"\"\",\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTextKeepsToItsWidthWhereFiguresAllow(t *testing.T) {
	for _, width := range []int{100, 120, 200} {
		table, err := Final(level3Input(t, AtFinal, nil))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := table.WriteText(&b, width); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
				t.Errorf("%d characters in %d: %q", n, width, line)
			}
			if strings.TrimRight(line, " \n") != strings.TrimSuffix(line, "\n") {
				t.Errorf("blanks at the end of %q", line)
			}
		}
	}
}

func TestWrapBreaksAtBlanks(t *testing.T) {
	for give, want := range map[string]string{
		"a bb ccc dddd": "a bb|ccc|dddd",
		"extraordinary": "extraordinary",
		"":              "",
		"€€ €€ €€":      "€€ €€|€€",
	} {
		if got := strings.Join(wrap(give, 5), "|"); got != want {
			t.Errorf("%q: %q, want %q", give, got, want)
		}
	}
}
