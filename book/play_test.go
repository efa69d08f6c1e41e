package book

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tenderbook/journal"
)

// Two people and their accounts. Ann opens the offer, so she is administrator
// and operator; Bob is the approver.
const (
	ann  = "ann"
	bob  = "bob"
	acme = "acme-api" // acts for participants 0443 and 0161
)

// A play is an offer whose entries a test makes one by one.
type play struct {
	testing.TB
	s       *State
	entries []*journal.Entry
	last    journal.Receipt
	now     time.Time
	keys    int
}

func newYork(t testing.TB, local string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// stage is an offer with nothing but its first entry, on the evening before it
// commences.
func stage(t testing.TB) *play {
	t.Helper()
	p := &play{TB: t, s: New("LVLT-2004"), now: newYork(t, "2004-10-28 18:00")}
	p.must(ann, &Offer{Name: "offer.yaml", File: file(t)})
	p.must(ann, &Grant{Actor: bob, Role: Approver})
	p.must(ann, &Grant{Actor: acme, Role: Participant, Participant: "0443"})
	p.must(ann, &Grant{Actor: acme, Role: Participant, Participant: "0161"})
	return p
}

// open is an offer that has commenced.
func open(t testing.TB) *play {
	t.Helper()
	p := stage(t)
	p.agree(&Proposal{What: Launch})
	p.at("2004-10-29 09:00")
	return p
}

// file is the offer file of the tests: Level 3's offer of 2004, with a
// guaranteed delivery date.
func file(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/offer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (p *play) at(local string) *play { p.Helper(); p.now = newYork(p, local); return p }

// entry makes the next entry.
func (p *play) entry(actor string, c Command) *journal.Entry {
	p.Helper()
	return p.entryOf(versionOf(c), actor, c)
}

// entryOf makes the next entry as a program of that version wrote it.
func (p *play) entryOf(version uint8, actor string, c Command) *journal.Entry {
	p.Helper()
	p.keys++
	d, err := Draft(actor, fmt.Sprint("key ", p.keys), c)
	if err != nil {
		p.Fatal(err)
	}
	d.Version = version
	e := journal.Next(p.s.Offer(), p.last, p.now, d)
	p.last = journal.ReceiptOf(&e)
	p.entries = append(p.entries, &e)
	return &e
}

// send applies a command.
func (p *play) send(actor string, c Command) Outcome {
	p.Helper()
	return p.s.Apply(p.entry(actor, c))
}

// must applies a command that has to be taken.
func (p *play) must(actor string, c Command) Outcome {
	p.Helper()
	o := p.send(actor, c)
	if o.Refusal != nil {
		p.Fatalf("%T of %s is refused: %v", c, actor, o.Refusal)
	}
	if len(o.Rows) > 0 {
		p.Fatalf("row %d of %s is refused: %v", o.Rows[0].Row, actor, &o.Rows[0].Refusal)
	}
	return o
}

// proposal fills in what every proposal has.
func (p *play) proposal(x *Proposal) *Proposal {
	x.Basis = p.s.TermsDigest()
	if x.Expires.IsZero() {
		x.Expires = p.now.Add(24 * time.Hour).UTC()
	}
	return x
}

// agree has Ann propose and Bob approve, and gives the answer to the first that
// was refused.
func (p *play) tryAgree(x *Proposal) Outcome {
	p.Helper()
	p.proposal(x)
	o := p.send(ann, x)
	if o.Refusal != nil {
		return o
	}
	digest := x.Digest()
	return p.send(bob, &Decision{Proposal: o.Seq, Digest: fmt.Sprintf("%x", digest), Approve: true})
}

func (p *play) agree(x *Proposal) {
	p.Helper()
	if o := p.tryAgree(x); o.Refusal != nil {
		p.Fatalf("%s is refused: %v", x.What, o.Refusal)
	}
}

// amend has an amendment proposed and approved. Its effective time is now, to
// the minute.
func (p *play) tryAmend(what What, yaml string) Outcome {
	p.Helper()
	return p.tryAgree(&Proposal{What: what, Name: "amendment.yaml", File: amendment(p.now, yaml)})
}

func (p *play) amend(what What, yaml string) {
	p.Helper()
	if o := p.tryAmend(what, yaml); o.Refusal != nil {
		p.Fatalf("%s is refused: %v", what, o.Refusal)
	}
}

func amendment(at time.Time, yaml string) string {
	zone, _ := time.LoadLocation("America/New_York")
	return "tenderbook: 1\namends: LVLT-2004\neffective: " + at.In(zone).Format("2006-01-02 15:04") + "\n" + yaml + "\n"
}

// row writes a row as "tender T1 0443 11 5000" or "withdraw W1 0443 of T1 2000";
// amounts are dollars.
func row(t testing.TB, text string) Row {
	t.Helper()
	f := strings.Fields(text)
	r := Row{Action: map[string]Action{"tender": Tender, "withdraw": Withdraw, "guarantee": Guarantee, "deliver": Deliver, "consent": Consent}[f[0]], ID: f[1], Participant: f[2]}
	for rest := f[3:]; len(rest) > 0; {
		var amount int64
		switch rest[0] {
		case "of":
			r.RefersTo = rest[1]
			rest = rest[2:]
			continue
		case "least":
			fmt.Sscan(rest[1], &amount)
			r.AtLeast = amount * 100
			rest = rest[2:]
			continue
		case "in":
			r.Series = rest[1]
			rest = rest[2:]
			continue
		}
		if _, err := fmt.Sscan(rest[0], &amount); err != nil {
			t.Fatalf("%q: %q is no amount", text, rest[0])
		}
		r.Principal = amount * 100
		rest = rest[1:]
	}
	return r
}

func batch(t testing.TB, rows ...string) *Instructions {
	t.Helper()
	b := &Instructions{Channel: "api"}
	for _, r := range rows {
		b.Rows = append(b.Rows, row(t, r))
	}
	return b
}

// codes lists the codes of the rows of an outcome, "taken" for those taken.
func codesOf(o Outcome, rows int) string {
	names := make([]string, rows)
	for i := range names {
		names[i] = Taken.String()
	}
	for _, r := range o.Rows {
		names[r.Row] = r.Code.String()
	}
	return strings.Join(names, " ")
}

// rows sends rows as the participant's program, and gives their codes.
func (p *play) rows(rows ...string) string {
	p.Helper()
	return codesOf(p.send(acme, batch(p, rows...)), len(rows))
}

func (p *play) life(id string) string {
	p.Helper()
	x, ok := p.s.Instruction(id)
	if !ok {
		return "none"
	}
	return x.Life.String()
}

// satisfy marks the conditions of the offer as satisfied.
func (p *play) satisfy() {
	p.Helper()
	p.amend(Amend, "conditions:\n  - {id: financing, status: satisfied}\n  - {id: general, status: satisfied}")
}

// acceptance is a proposal to accept what the book gives now.
func (p *play) acceptance(run Run) *Proposal {
	p.Helper()
	plan, err := p.s.Plan(run)
	if err != nil {
		p.Fatal(err)
	}
	return &Proposal{What: Accept, Run: run, Result: plan.Digest}
}

// release is a proposal to release what a result pays.
func (p *play) release(run Run) *Proposal {
	p.Helper()
	plan, err := p.s.Plan(run)
	if err != nil {
		p.Fatal(err)
	}
	payments, err := plan.Payments()
	if err != nil {
		p.Fatal(err)
	}
	return &Proposal{What: Release, Run: run, Result: plan.Digest, Payments: payments}
}

// settle has what a result pays released, and the result settled.
func (p *play) settle(run Run) {
	p.Helper()
	x := p.release(run)
	p.agree(x)
	p.agree(&Proposal{What: Settle, Run: run, Result: x.Result})
}

// replay folds the entries of a play again.
func (p *play) replay() *State {
	p.Helper()
	s := New(p.s.Offer())
	for _, e := range p.entries {
		s.Apply(e)
	}
	return s
}

// changed is the offer file with texts in the place of others, in pairs.
func changed(t testing.TB, pairs ...string) string {
	t.Helper()
	s := file(t)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(s, pairs[i]) {
			t.Fatalf("the offer file has no %q", pairs[i])
		}
		s = strings.Replace(s, pairs[i], pairs[i+1], 1)
	}
	return s
}

// openWith is open for another offer file.
func openWith(t testing.TB, yaml string) *play {
	t.Helper()
	p := &play{TB: t, s: New("LVLT-2004"), now: newYork(t, "2004-10-28 18:00")}
	p.must(ann, &Offer{Name: "offer.yaml", File: yaml})
	p.must(ann, &Grant{Actor: bob, Role: Approver})
	p.must(ann, &Grant{Actor: acme, Role: Participant, Participant: "0443"})
	p.must(ann, &Grant{Actor: acme, Role: Participant, Participant: "0161"})
	p.agree(&Proposal{What: Launch})
	p.at("2004-10-29 09:00")
	return p
}

// tick moves the clock of the journal to a local time.
func (p *play) tick(local string) *play {
	p.Helper()
	p.at(local).must(ann, &Note{Text: "the clock moves"})
	return p
}
