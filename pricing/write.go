package pricing

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteProofs writes prices with their proofs for people. Late tenders that are
// priced as early ones of the same series are not proved a second time.
func WriteProofs(w io.Writer, all []Determination) error {
	var b strings.Builder
	for i := range all {
		if i > 0 {
			b.WriteString("\n")
		}
		d := &all[i]
		asEarly := i > 0 && d.Late && all[i-1].Series == d.Series && all[i-1].PricedAt == d.PricedAt && d.Basis == FromYield
		d.write(&b, asEarly)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (d *Determination) write(b *strings.Builder, asEarly bool) {
	fmt.Fprintf(b, "%s  %s\n%s\n", d.Series.ID, d.Series.Title, d.headline(asEarly))
	if !asEarly {
		for _, why := range d.NeedsHuman {
			fmt.Fprintf(b, "needs-human: %s\n", why)
		}
		if p := d.Prove(); p != nil {
			b.WriteByte('\n')
			p.writeText(b)
		}
	}
	b.WriteByte('\n')
	writePairs(b, d.outcome())
}

// headline says whose price it is, and what it follows from.
func (d *Determination) headline(asEarly bool) string {
	who := "all tenders"
	if d.Terms.HasEarly() {
		who = "early tenders"
		if d.Late {
			who = "late tenders"
		}
	}
	s := fmt.Sprintf("%s, paid on %s", who, d.Settles)
	if d.Hypothetical {
		s = "HYPOTHETICAL: " + s
	}
	if asEarly {
		return s + "; priced as the early tenders are"
	}
	switch d.Basis {
	case Stated:
		s += "; the terms state the price"
	case Fixed:
		s += "; the price was fixed"
	case FromBid:
		s += "; the clearing bid is the price"
	case FromYield:
		s += "; priced from a yield"
		if d.Announced {
			s += ", and stated in the terms"
		}
	}
	return s
}

// outcome are the prices, each with its sum.
func (d *Determination) outcome() []Input {
	per := "per " + d.Per.String()
	var out []Input
	out = append(out, Input{"total consideration", d.Total.String(), per})
	if d.EarlyPayment.Sign() != 0 {
		out = append(out, Input{"early payment", d.EarlyPayment.String(), "part of it"},
			Input{"tender offer consideration", d.TenderOffer.String(), fmt.Sprintf("%s - %s", d.Total, d.EarlyPayment)})
	}
	out = append(out, Input{"these tenders get", d.Price().String(), per})
	if d.HasInterest {
		out = append(out, Input{"and accrued interest", d.Interest.String(), fmt.Sprintf("per 1000, %d days from %s to, not including, %s", d.Accrued.Days, d.Accrued.From, d.Accrued.To)})
	}
	return out
}

func (p *Proof) writeText(b *strings.Builder) {
	b.WriteString("What goes in\n")
	writePairs(b, p.Inputs)
	if r := p.Reference; r != nil {
		b.WriteString("\nThe reference yield\n")
		writeLines(b, r.Lines)
		if len(r.Payments) > 0 {
			writePayments(b, "100", r.Payments, r.Sum, r.Accrued, r.Price)
		}
	}
	b.WriteString("\nThe price\n")
	writeLines(b, p.Formula)
	writePayments(b, p.Per, p.Payments, p.Sum, p.Accrued, p.Price)
	fmt.Fprintf(b, "  the true price differs from this by at most %s\n", p.ErrorBound)
	b.WriteString("\nRoundings\n")
	for _, r := range p.Roundings {
		fmt.Fprintf(b, "  %s: %s -> %s, %s\n", r.What, r.From, r.To, r.How)
	}
}

func writeLines(b *strings.Builder, lines []string) {
	for _, l := range lines {
		fmt.Fprintf(b, "  %s\n", l)
	}
}

// writePairs writes names and values in two columns, with what there is to say.
func writePairs(b *strings.Builder, pairs []Input) {
	name, value := 0, 0
	for _, p := range pairs {
		name = max(name, utf8.RuneCountInString(p.Name))
		if p.Note != "" {
			value = max(value, utf8.RuneCountInString(p.Value))
		}
	}
	for _, p := range pairs {
		line := fmt.Sprintf("  %-*s  %-*s  %s", name, p.Name, value, p.Value, p.Note)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// writePayments writes the payments with their sum, figures to the right.
func writePayments(b *strings.Builder, per string, all []Payment, sum, accrued, price string) {
	rows := [][]string{{"date", "interest", "principal", "periods", "factor", "worth per " + per}}
	for _, p := range all {
		rows = append(rows, []string{p.Date, p.Interest, zeroBlank(p.Principal), p.Periods, p.Factor, p.Present})
	}
	widths := make([]int, len(rows[0]))
	for _, last := range []string{sum, "- " + accrued, price} {
		widths[len(widths)-1] = max(widths[len(widths)-1], len(last))
	}
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], len(cell))
		}
	}
	b.WriteByte('\n')
	before := 0 // of the last column
	for _, w := range widths[:len(widths)-1] {
		before += w + 2
	}
	for _, r := range rows {
		fmt.Fprintf(b, "  %-*s", widths[0], r[0])
		for i := 1; i < len(r); i++ {
			fmt.Fprintf(b, "  %*s", widths[i], r[i])
		}
		b.WriteByte('\n')
	}
	last := widths[len(widths)-1]
	for _, line := range []struct{ name, value string }{{"sum", sum}, {"accrued interest", "- " + accrued}, {"price", price}} {
		fmt.Fprintf(b, "  %-*s%*s\n", before, line.name, last, line.value)
	}
}

func zeroBlank(s string) string {
	if s == "0" {
		return ""
	}
	return s
}
