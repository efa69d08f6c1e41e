package cli

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"tenderbook/book"
	"tenderbook/money"
)

// payments are what a result pays, as they are released.
type payments struct {
	run    book.Run
	result string // digest
	file   []byte
	digest string // of the file
	sums   []paymentSum
}

// A paymentSum is what is paid in one currency.
type paymentSum struct {
	count                                   int
	consideration, interest, newNotes, cash money.Amount
}

// paymentsOf works out what an accepted result pays.
func paymentsOf(s *book.State, run book.Run) (*payments, error) {
	done := slices.IndexFunc(s.Results(), func(r book.Result) bool { return r.Run == run })
	if done < 0 {
		return nil, answered{exitTooLate, fmt.Errorf("offer %s has no %s result yet", s.Offer(), run)}
	}
	plan, err := s.Plan(run)
	if err != nil {
		return nil, err
	}
	x := &payments{run: run, result: s.Results()[done].Digest}
	if plan.Digest != x.result {
		return nil, damaged{fmt.Errorf("the %s result of %s is %s, the book gives %s", run, s.Offer(), x.result, plan.Digest)}
	}
	var b bytes.Buffer
	if err := plan.WritePayments(&b); err != nil {
		return nil, err
	}
	x.file, x.digest = b.Bytes(), fmt.Sprintf("%x", sha256.Sum256(b.Bytes()))
	var failed error
	err = plan.EachPayment(func(p *book.Payment) bool { failed = x.add(p); return failed == nil })
	return x, cmp.Or(err, failed)
}

// add adds a payment to the sums of its currency.
func (x *payments) add(p *book.Payment) error {
	i := slices.IndexFunc(x.sums, func(s paymentSum) bool { return s.cash.Currency == p.Cash.Currency })
	if i < 0 {
		x.sums = append(x.sums, paymentSum{1, p.Consideration, p.Interest, p.NewNotes, p.Cash})
		return nil
	}
	s := &x.sums[i]
	s.count++
	for _, sum := range [...]struct{ to, more *money.Amount }{
		{&s.consideration, &p.Consideration},
		{&s.interest, &p.Interest},
		{&s.newNotes, &p.NewNotes},
		{&s.cash, &p.Cash},
	} {
		more, err := sum.to.Add(*sum.more)
		if err != nil {
			return err
		}
		*sum.to = more
	}
	return nil
}

// show prints the sums of the payments, and their digest.
func (x *payments) show(out io.Writer) {
	exchanges := slices.ContainsFunc(x.sums, func(s paymentSum) bool { return s.newNotes.Minor != 0 })
	head := []string{">Payments", "", ">Consideration", ">Interest", ">Cash"}
	if exchanges {
		head = append(head, ">New notes")
	}
	g := grid{head}
	for _, s := range x.sums {
		row := []string{grouped(int64(s.count)), s.cash.Currency.Code, s.consideration.GroupedFull(), s.interest.GroupedFull(), s.cash.GroupedFull()}
		if exchanges {
			row = append(row, s.newNotes.Grouped())
		}
		g.add(row...)
	}
	fmt.Fprintf(out, "payments of the %s result %.16s: %s bytes, sha256 %s\n", x.run, x.result, grouped(int64(len(x.file))), x.digest)
	if len(x.sums) == 0 {
		fmt.Fprintln(out, "  nothing is paid")
		return
	}
	g.write(out)
}

// A paymentsJSON is what "tender pay build --json" prints.
type paymentsJSON struct {
	Offer  string           `json:"offer"`
	Run    book.Run         `json:"run"`
	Result string           `json:"result_digest"`
	SHA256 string           `json:"sha256"`
	Bytes  int              `json:"bytes"`
	Sums   []paymentSumJSON `json:"sums"`
}

type paymentSumJSON struct {
	Currency      string `json:"currency"`
	Payments      int    `json:"payments"`
	Consideration string `json:"consideration"`
	Interest      string `json:"interest"`
	NewNotes      string `json:"new_notes,omitempty"`
	Cash          string `json:"cash"`
}

func (x *payments) json(id string) paymentsJSON {
	out := paymentsJSON{id, x.run, x.result, x.digest, len(x.file), []paymentSumJSON{}}
	for _, s := range x.sums {
		sum := paymentSumJSON{Currency: s.cash.Currency.Code, Payments: s.count, Consideration: s.consideration.String(), Interest: s.interest.String(), Cash: s.cash.String()}
		if s.newNotes.Minor != 0 {
			sum.NewNotes = s.newNotes.String()
		}
		out.Sums = append(out.Sums, sum)
	}
	return out
}

// samePayments refuses a file that is not what the record gives, at the first
// place where it differs.
func samePayments(name string, got, want []byte) error {
	if bytes.Equal(got, want) {
		return nil
	}
	found, needed := strings.SplitAfter(string(got), "\n"), strings.SplitAfter(string(want), "\n")
	line := 0
	for line < min(len(found), len(needed)) && found[line] == needed[line] {
		line++
	}
	return refused{fmt.Errorf("%s:%d: %s\n    what is released are the payments that follow from the result: tender pay build makes the file", name, line+1,
		differs(strings.Split(strings.TrimSpace(needed[0]), ","), lineOf(found, line), lineOf(needed, line)))}
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// differs says how two lines of a file differ: by the first cell that does, where
// they have the same cells.
func differs(columns []string, found, needed string) string {
	a, errA := csv.NewReader(strings.NewReader(found)).Read()
	b, errB := csv.NewReader(strings.NewReader(needed)).Read()
	switch {
	case needed == "":
		return fmt.Sprintf("line %q is too much: the record has no payment more", strings.TrimRight(found, "\r\n"))
	case found == "":
		return fmt.Sprintf("the file ends, needs %q", strings.TrimRight(needed, "\n"))
	case errA == nil && errB == nil && len(a) == len(b):
		for i := range a {
			if a[i] != b[i] {
				return fmt.Sprintf("%s %q, needs %q", columns[i], a[i], b[i])
			}
		}
	}
	return fmt.Sprintf("line %q, needs %q", found, needed)
}
