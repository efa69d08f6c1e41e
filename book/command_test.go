package book

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tenderbook/journal"
	"tenderbook/money"
)

const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// aKey is a public key, and aSigned a checkpoint as it is signed.
const (
	aKey    = "agent.example+65cbac3c+AW8VgXCbt7HvAw0hDbGOOwuhx3b7pl2M2q0FQVFC0Yn4"
	aSigned = "tenderbook/journal/LVLT-2004\n6\ndqanLeMIs3fpSObNonBlg8qJOPk9KPpyrmMOFwyRLlQ=\nat 2004-10-28T22:00:00Z\n\n" +
		"— agent.example ZcusPAHjz5qawRcVDCNHxorafM7Hqaj8tYK7M6j3PbGuKGq1GjHASvoK3pNg1wpnlFyTXIYAISlYS+1K+UlL+WBXAwI=\n"
)

func TestCommandsThereAndBack(t *testing.T) {
	for _, c := range []Command{
		&Offer{Name: "offer.yaml", File: "tenderbook: 1\n"},
		&Grant{Actor: "k-1", Person: "ann", Role: Participant, Participant: "0443"},
		&Positions{Source: "depository", List: []Position{{"0443", "11", 5}}},
		&Review{Action: "defect", Instruction: "T1", Why: "no <signature> & \u2028 date"},
		&Proposal{What: Amend, Expires: time.Date(2026, 11, 22, 9, 0, 0, 1, time.UTC), Basis: hash, Name: "a.yaml", File: "x: \"y\"\n"},
		&Proposal{What: Accept, Expires: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Basis: hash, Run: Early, Result: hash},
		&Decision{Proposal: 7, Digest: hash, Approve: true, Why: "checked"},
		&Note{Text: "the offeror's counsel called"},
		&Key{Public: aKey, Retire: true},
		&Checkpoint{Signed: aSigned},
		&Note{Text: "called back", Instruction: "T1"},
		&Inquiry{Subject: SeeInstructions, Of: "T1"},
		&Inquiry{Subject: SeePlan},
	} {
		d, err := Draft("ann", "k", c)
		if err != nil {
			t.Errorf("%T: %v", c, err)
			continue
		}
		again, err := Decode(&d)
		if err != nil || cmp.Diff(c, again) != "" {
			t.Errorf("%T comes back with %v:\n%s", c, err, cmp.Diff(c, again))
		}
	}
}

func TestThereIsOneEncoding(t *testing.T) {
	for _, x := range []struct{ claim, body string }{
		{"white space", `{"text": "x"}`},
		{"a line end behind", "{\"text\":\"x\"}\n"},
		{"a second value behind", `{"text":"x"}{}`},
		{"a key in capitals", `{"Text":"x"}`},
		{"a key that is not known", `{"text":"x","more":1}`},
		{"a key twice", `{"text":"y","text":"x"}`},
		{"an escape that is not needed", `{"text":"\u0078"}`},
		{"a key left out", `{}`},
		{"bytes that are not UTF-8", "{\"text\":\"\xff\"}"},
		{"an instruction of no name", `{"text":"x","instruction":""}`},
		{"nothing", ``},
		{"what no note may be: empty", `{"text":""}`},
	} {
		if c, err := Decode(&journal.Draft{Kind: journal.KindNote, Version: 1, Body: []byte(x.body)}); err == nil {
			t.Errorf("%s: %q is taken for %+v", x.claim, x.body, c)
		}
	}
}

func TestWhatNoCommandMayHoldIsNotEncoded(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	row := Row{Action: Tender, ID: "T1", Series: "11", Participant: "0443", Principal: 1}
	rows := func(change func(*Row)) Command {
		r := row
		change(&r)
		return &Instructions{Rows: []Row{r}}
	}
	for _, x := range []struct {
		c    Command
		want string
	}{
		{&Offer{Name: "x"}, "offer: file is missing"},
		{&Grant{Actor: "x"}, "role is missing"},
		{&Positions{}, "no position is given"},
		{&Positions{List: []Position{{"a", "b", -1}}}, "position 1: principal -1"},
		{&Review{Action: "bless", Instruction: "T1"}, `action "bless", needs defect`},
		{&Review{Action: "defect", Instruction: "T1"}, "why is missing"},
		{&Proposal{What: "dance"}, `"dance" is of no known kind`},
		{&Proposal{What: Launch, Basis: hash}, "expires: needs a time in UTC"},
		{&Proposal{What: Launch, Expires: at.In(time.FixedZone("X", 3600)), Basis: hash}, "expires: needs a time in UTC"},
		{&Proposal{What: Launch, Expires: at, Basis: "E3"}, `basis "E3" is not`},
		{&Proposal{What: Launch, Expires: at, Basis: hash, File: "x"}, "does not belong to this kind"},
		{&Proposal{What: Accept, Expires: at, Basis: hash, Run: "third", Result: hash}, `run "third"`},
		{&Proposal{What: Accept, Expires: at, Basis: hash, Run: Final}, "result"},
		{&Decision{Digest: "x"}, `digest "x"`},
		{&Note{}, "text is missing"},
		{&Inquiry{}, "subject is missing"},
		{&Instructions{}, "0 rows, needs 1 to"},
		{rows(func(r *Row) { r.ID = "" }), "row 1: the instruction has no id"},
		{rows(func(r *Row) { r.ID = strings.Repeat("x", 256) }), "too long"},
		{rows(func(r *Row) { r.Holder = "\xff" }), "not UTF-8"},
		{rows(func(r *Row) { r.Participant = "" }), "no participant"},
		{rows(func(r *Row) { r.Series = "" }), "names no series"},
		{rows(func(r *Row) { r.Principal = 0 }), "principal 0"},
		{rows(func(r *Row) { r.AtLeast = -1 }), "least accepted -1"},
		{rows(func(r *Row) { r.Action = 9 }), "action 9 is not known"},
		{rows(func(r *Row) { r.Action = Withdraw }), "the withdrawal names no instruction"},
		{rows(func(r *Row) { r.Action, r.RefersTo, r.HasBid = Withdraw, "T", true }), "has no bid"},
		{rows(func(r *Row) { r.Action, r.RefersTo = Guarantee, "T" }), "takes the place of nothing"},
		{rows(func(r *Row) { r.Bid = money.DecimalOf(1, 0) }), "a bid is given and not given"},
		{rows(func(r *Row) { r.SentAt = time.Unix(0, 0) }), "cannot be kept"},
		{rows(func(r *Row) { r.SentAt = time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC) }), "cannot be kept"},
	} {
		if _, _, _, err := Encode(x.c); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%+v: %v, want %q", x.c, err, x.want)
		}
	}
}

// anyRow draws rows that a batch may hold.
func anyRow(t *rapid.T) Row {
	word := rapid.SampledFrom([]string{"", "a", "0443", "Ü", "long " + strings.Repeat("x", 200)})
	r := Row{
		Action: rapid.SampledFrom([]Action{Tender, Withdraw, Guarantee, Deliver, Consent}).Draw(t, "action"), ID: "i" + word.Draw(t, "id"), Series: word.Draw(t, "series"),
		Participant: "p" + word.Draw(t, "participant"), Account: word.Draw(t, "account"), Holder: word.Draw(t, "holder"), Principal: rapid.Int64Min(0).Draw(t, "principal"),
	}
	if sent := rapid.Int64().Draw(t, "sent"); sent != 0 && rapid.Bool().Draw(t, "has sent") {
		r.SentAt = time.Unix(0, sent).UTC()
	}
	if r.Action == Consent {
		r.Series, r.Principal = "s"+r.Series, max(r.Principal, 1)
	} else if r.Action == Tender || r.Action == Guarantee {
		r.Series, r.Principal = "s"+r.Series, max(r.Principal, 1)
		r.AtLeast = rapid.Int64Min(0).Draw(t, "at least")
		if r.HasBid = rapid.Bool().Draw(t, "has bid"); r.HasBid {
			r.Bid = money.DecimalOf(rapid.Int64().Draw(t, "bid"), rapid.IntRange(0, 18).Draw(t, "scale"))
		}
	} else {
		r.RefersTo = "r" + word.Draw(t, "refers to")
	}
	return r
}

func TestBatchesThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := &Instructions{AllOrNothing: rapid.Bool().Draw(t, "all"), Channel: rapid.SampledFrom([]string{"", "api"}).Draw(t, "channel"), Rows: rapid.SliceOfN(rapid.Custom(anyRow), 1, 20).Draw(t, "rows")}
		_, version, body, err := Encode(b)
		if err != nil {
			t.Fatal(err)
		}
		var again Instructions
		if err := again.decode(version, body); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(b.Rows, again.Rows, cmp.AllowUnexported(money.Decimal{})); d != "" || b.AllOrNothing != again.AllOrNothing || b.Channel != again.Channel {
			t.Fatal(d)
		}
		i := rapid.IntRange(0, len(body)-1).Draw(t, "cut")
		if again.decode(version, body[:i]) == nil {
			t.Fatalf("%x, cut at byte %d, is read", body, i)
		}
		if again.decode(3-version, body) == nil {
			t.Fatalf("%x of version %d is read as the other one", body, version)
		}
	})
}

// FuzzDecode holds every kind of command to its one encoding.
func FuzzDecode(f *testing.F) {
	for _, c := range []Command{
		&Note{Text: "x"}, &Note{Text: "x", Instruction: "T"}, &Inquiry{Subject: SeeTotals, Of: "x"}, &Key{Public: aKey, Retire: true}, &Checkpoint{Signed: aSigned}, &Offer{Name: "o", File: "x"}, &Grant{Actor: "a", Role: Auditor}, &Positions{List: []Position{{"a", "b", 1}}},
		&Review{Action: "cure", Instruction: "T"}, &Decision{Digest: hash}, &Proposal{What: Launch, Expires: time.Unix(1, 0).UTC(), Basis: hash},
		&Instructions{Rows: []Row{{Action: Tender, ID: "T1", Series: "11", Participant: "0443", Principal: 5, AtLeast: 1, HasBid: true, Bid: money.DecimalOf(5, 1), SentAt: time.Unix(5, 5)}, {Action: Withdraw, ID: "W", Participant: "0161", RefersTo: "T1", Account: "a", Holder: "h"}}},
	} {
		kind, ver, body, err := Encode(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(kind), ver, body)
	}
	f.Fuzz(func(t *testing.T, kind, ver byte, body []byte) {
		c, err := Decode(&journal.Draft{Kind: journal.Kind(kind), Version: ver, Body: body})
		if err != nil {
			return
		}
		k, v, again, err := Encode(c)
		if err != nil || byte(k) != kind || v != ver || !bytes.Equal(again, body) {
			t.Fatalf("%T %q is read and written %q (%v)", c, body, again, err)
		}
	})
}
