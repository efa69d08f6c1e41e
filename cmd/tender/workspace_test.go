package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenderbook/internal/cli"
	"tenderbook/internal/postgrestest"
)

// at runs a command on a workspace at a time.
func at(t *testing.T, db string, now time.Time, user string, args ...string) (stdout string) {
	t.Helper()
	env := map[string]string{"TENDER_DB": db, "TENDER_CLOCK": now.Format(time.RFC3339), "TENDER_USER": user}
	var out, errs bytes.Buffer
	code := cli.Run(args, cli.Streams{Out: &out, Err: &errs, Env: func(name string) string { return env[name] }})
	if code != 0 && !strings.Contains(errs.String(), "late: ") {
		t.Fatalf("tender %s: exit code %d\n%s", strings.Join(args, " "), code, &errs)
	}
	return out.String()
}

// sitting is a part of a book: what came in up to a time.
func sitting(t *testing.T, rows [][]string, from, to time.Time) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(rows[0])
	for _, row := range rows[1:] {
		received, err := time.Parse(time.RFC3339, row[1])
		if err != nil {
			t.Fatal(err)
		}
		if received.After(from) && !received.After(to) {
			w.Write(row)
		}
	}
	w.Flush()
	return b.String()
}

// The whole book of the Level 3 example, taken in on a workspace as it came,
// comes to the figures that "tender allocate" has from the file.
func TestWorkspaceAndFilesComeToTheSameFigures(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { playLevel3(t, filepath.Join(t.TempDir(), "offers.db")) })
	t.Run("PostgreSQL", func(t *testing.T) {
		url, err := postgrestest.Start(t).Database(t.Context(), "offers")
		if err != nil {
			t.Fatal(err)
		}
		playLevel3(t, url)
	})
}

// figures cuts the tables out of what "allocate" and "plan" print.
func figures(t *testing.T, s string) string {
	t.Helper()
	_, s, found := strings.Cut(s, "\nWaterfall\n")
	if !found {
		t.Fatalf("no waterfall in:\n%s", s)
	}
	s, _, _ = strings.Cut(s, "\nplan sha256")
	return s
}

func playLevel3(t *testing.T, db string) {
	t.Helper()
	const folder = "../../examples/level3-2004/"
	var (
		zone = time.FixedZone("EST", -5*3600)
		day  = func(month time.Month, day, hour int) time.Time {
			return time.Date(2004, month, day, hour, 0, 0, 0, zone)
		}
		now    = day(10, 28, 18)
		do     = func(user string, args ...string) string { t.Helper(); return at(t, db, now, user, args...) }
		agreed = func(proposal int, args ...string) {
			t.Helper()
			do("ann", args...)
			do("bob", "approve", "LVLT-2004", fmt.Sprint("P-", proposal), "--confirm", "LVLT-2004")
		}
	)
	rows, err := csv.NewReader(strings.NewReader(read(t, folder+"book.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	do("ann", "offer", "new", folder+"offer.yaml")
	do("ann", "admin", "user", "grant", "LVLT-2004", "bob", "approver")
	agreed(3, "offer", "launch", "LVLT-2004")
	taken := func(to time.Time) {
		t.Helper()
		name := filepath.Join(t.TempDir(), "book.csv")
		if err := os.WriteFile(name, []byte(sitting(t, rows, now, to)), 0o644); err != nil {
			t.Fatal(err)
		}
		now = to
		do("ann", "submit", "LVLT-2004", "--skip-bad", "--from", name)
	}
	taken(day(11, 12, 17).Add(-time.Second)) // the early tender date, entry 5
	taken(day(11, 17, 9))                    // 6
	agreed(7, "offer", "amend", "LVLT-2004", folder+"amendment-2004-11-17.yaml")
	taken(day(12, 1, 24).Add(-time.Second)) // the last that is in time
	taken(day(12, 2, 12))

	planned := do("ann", "plan", "LVLT-2004")
	decided := do("ann", "allocate", "../../examples/level3-2004", folder+"book.csv")
	if d := cmp.Diff(figures(t, decided), figures(t, planned)); d != "" {
		t.Error(d)
	}
	if !strings.Contains(planned, "$1,105,000,000") {
		t.Error("the plan does not speak of the raised cap")
	}

	// A backup holds the same, to the byte.
	verified := do("ann", "admin", "verify")
	now = now.AddDate(0, 0, 1)
	backup := filepath.Join(t.TempDir(), "backup.db")
	do("ann", "admin", "backup", backup)
	if d := cmp.Diff(verified, do("ann", "admin", "verify", "--db", backup)); d != "" {
		t.Error(d)
	}
}

const (
	quayOffer = `tenderbook: 1
offer: QUAY-2026
title: Cash tender offers and consent solicitation
offeror: Quay plc
kind: cash-tender
rules: us-14e
time_zone: America/New_York
commenced: 2026-03-02
dates: {early_tender: by 2026-03-13 17:00, expiration: by 2026-03-30 24:00, settlement: 2026-04-01}
acceptance: {order: early-first, if_exceeded: prorate, leftover: unused}
payment: {pay_by: participant}
caps:
  - {name: Tender Cap, amount: "USD 4,500,000", counts: principal, series: all}
series:
  - id: A
    title: 5% Notes due 2030
    level: 1
    currency: USD
    outstanding: 10,000,000
    denomination: {minimum: 1000, multiple: 1000}
    consideration: {per: 1000, tender_offer: 970.005, early_payment: 30.00, total: 1000.005}
    interest: {coupon: 5.125, day_count: 30/360, dates: [Jan 15, Jul 15]}
    consent: {threshold: more than THRESHOLD%, carried: true, alone: true, payment: 2.505, whole: false}
  - id: B
    title: 6% Notes due 2033
    level: 2
    currency: USD
    outstanding: 20,000,000
    denomination: {minimum: 1000, multiple: 1000}
    consideration: {per: 1000, tender_offer: 970.00, early_payment: 30.00, total: 1000.00}
    interest: {coupon: 6, day_count: 30/360, dates: [Jan 15, Jul 15]}
  - id: C
    title: 7% Notes due 2036
    level: 3
    currency: USD
    outstanding: 5,000,000
    denomination: {minimum: 1000, multiple: 1000}
    consideration: {per: 1000, tender_offer: 970.00, early_payment: 30.00, total: 1000.00}
    interest: {coupon: 7, day_count: 30/360, dates: [Jan 15, Jul 15]}
conditions:
  - {id: exit, text: The covenants of series A go, kind: consent, waivable: true, of: [A]}
  - {id: least, text: Ten percent of series C, kind: minimum-tender, percent: 10, waivable: true, of: [C], series: [C]}
  - {id: most, text: Not too much of all, kind: maximum-tender, amount: 20000000, waivable: false}
`
	quayAmendment = `tenderbook: 1
amends: QUAY-2026
effective: 2026-03-20 09:00
termination: {series: [B], reason: the market moved}
`
)

// quayBook has a row in each hour of three days around the early date.
func quayBook() string {
	var b strings.Builder
	b.WriteString("instruction,received_at,series,principal,action,participant,refers_to\n")
	at := time.Date(2026, 3, 12, 13, 0, 0, 0, time.UTC)
	for i := range 72 {
		received := at.Add(time.Duration(i) * time.Hour).Format(time.RFC3339)
		switch series := "ABC"[i%3 : i%3+1]; {
		case i%12 == 9:
			fmt.Fprintf(&b, "W%d,%s,%s,%d,withdraw,P%d,T%d\n", i, received, series, 1000*(1+i%4), (i-6)%5, i-6)
		case i%12 == 6:
			fmt.Fprintf(&b, "C%d,%s,A,%d,consent,P%d,\n", i, received, 37_000*(1+i%7), i%5)
		case series == "C":
			fmt.Fprintf(&b, "T%d,%s,C,1000,tender,P%d,\n", i, received, i%5)
		default:
			fmt.Fprintf(&b, "T%d,%s,%s,%d,tender,P%d,\n", i, received, series, 1000*(100+i*i*7%211), i%5)
		}
	}
	return b.String()
}

// Conditions by percent and amount, a series terminated by an amendment, consents
// with and without tenders, and payments by participant: the record and the files
// come to the same tables, and say the same of one instruction.
func TestWhatTheRecordJudgesIsWhatTheFilesDo(t *testing.T) {
	t.Run("a condition of one series fails", func(t *testing.T) {
		playQuay(t, "30", `terminated: the offer for series B: the market moved; nothing is accepted and everything is returned
terminated: the offer for series C: condition least failed: USD 24,000 tendered, needs at least 10% of USD 5,000,000; nothing is accepted and everything is returned
`)
	})
	t.Run("a condition of all fails", func(t *testing.T) {
		playQuay(t, "50", `terminated: the offer for series A and C: condition exit failed: consents for 3,230,000 of series A, needs more than 50% of 10,000,000; nothing is accepted and everything is returned
terminated: the offer for series B: the market moved; nothing is accepted and everything is returned
`)
	})
}

// A quay is the offer on record as it stands after its expiration, and its files.
type quay struct {
	*testing.T
	folder, book, db string
	now              time.Time
	seq              int // last entry
}

func (q *quay) do(user string, args ...string) string {
	q.Helper()
	return at(q.T, q.db, q.now, user, args...)
}

// agree has Ann's proposal approved by Bob.
func (q *quay) agree(args ...string) {
	q.Helper()
	q.do("ann", args...)
	q.do("bob", "approve", "QUAY-2026", fmt.Sprint("P-", q.seq+1), "--confirm", "QUAY-2026")
	q.seq += 2
}

func recordQuay(t *testing.T, threshold string) *quay {
	t.Helper()
	q := &quay{T: t, folder: t.TempDir(), db: filepath.Join(t.TempDir(), "offers.db"), now: time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC), seq: 2}
	q.book = filepath.Join(t.TempDir(), "book.csv")
	write(t, filepath.Join(q.folder, "offer.yaml"), strings.Replace(quayOffer, "THRESHOLD", threshold, 1))
	write(t, filepath.Join(q.folder, "amendment-1.yaml"), quayAmendment)
	write(t, q.book, quayBook())
	rows, err := csv.NewReader(strings.NewReader(quayBook())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	q.do("ann", "offer", "new", filepath.Join(q.folder, "offer.yaml"))
	q.do("ann", "admin", "user", "grant", "QUAY-2026", "bob", "approver")
	q.agree("offer", "launch", "QUAY-2026")
	for from := time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC); from.Before(time.Date(2026, 3, 15, 14, 0, 0, 0, time.UTC)); from = q.now {
		q.now = from.Add(time.Hour)
		part := filepath.Join(t.TempDir(), "part.csv")
		if write(t, part, sitting(t, rows, from, q.now)); strings.Count(read(t, part), "\n") > 1 {
			q.do("ann", "submit", "QUAY-2026", "--from", part)
			q.seq++
		}
	}
	q.now = time.Date(2026, 3, 20, 14, 0, 0, 0, time.UTC)
	q.agree("offer", "amend", "QUAY-2026", filepath.Join(q.folder, "amendment-1.yaml"))
	q.now = time.Date(2026, 3, 31, 4, 0, 1, 0, time.UTC)
	return q
}

func playQuay(t *testing.T, threshold, said string) {
	t.Helper()
	q := recordQuay(t, threshold)
	do, folder, book := q.do, q.folder, q.book
	planned, decided := do("ann", "plan", "QUAY-2026"), do("ann", "allocate", folder, book)
	if d := cmp.Diff(figures(t, decided), figures(t, planned)); d != "" {
		t.Error(d)
	}
	for claim, out := range map[string]string{"plan": planned, "allocate": decided} {
		if !strings.Contains(out, said) {
			t.Errorf("%s does not say what is terminated, and why:\n%s", claim, out)
		}
	}
	for _, instruction := range []string{"T0", "T24", "C6", "T2", "T1"} {
		inFiles, onRecord := do("ann", "explain", folder, book, instruction), do("ann", "explain", "QUAY-2026", instruction)
		_, inFiles, _ = strings.Cut(inFiles, "\nSeries ")
		_, onRecord, _ = strings.Cut(onRecord, "\nSeries ")
		inFiles, _, _ = strings.Cut(inFiles, "\nWhat would have") // the caps that are tried differ
		onRecord, _, _ = strings.Cut(onRecord, "\nWhat would have")
		if d := cmp.Diff(moneyLines(inFiles), moneyLines(onRecord)); d != "" {
			t.Errorf("%s:\n%s", instruction, d)
		}
	}
}

// moneyLines are those lines of an explanation that hold an amount.
func moneyLines(s string) (all []string) {
	for line := range strings.Lines(s) {
		if strings.Contains(line, "$") {
			all = append(all, strings.Join(strings.Fields(line), " "))
		}
	}
	return all
}
