package desk_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/sqlite"
)

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	return c.now
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

const id = "LVLT-2004"

// staff opens an offer with its people: ann is operator, bob and cat approve,
// ann's key acts for ann; nobody can give a role to himself, so dan gave it that.
func staff(t testing.TB) (*desk.Desk, *clock) {
	t.Helper()
	c := &clock{now: time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC)}
	store, err := sqlite.Open(t.Context(), t.TempDir()+"/offers.db", sqlite.Options{Clock: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	d := desk.Open(store)
	file, err := os.ReadFile("../../examples/level3-2004/offer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	must(t, d, "ann", &book.Offer{Name: "offer.yaml", File: string(file)})
	must(t, d, "ann", &book.Grant{Actor: "bob", Role: book.Approver})
	must(t, d, "ann", &book.Grant{Actor: "cat", Role: book.Approver})
	must(t, d, "ann", &book.Grant{Actor: "dan", Role: book.Administrator})
	must(t, d, "dan", &book.Grant{Actor: "ann-key", Person: "ann", Role: book.Approver})
	must(t, d, "ann", &book.Grant{Actor: "acme", Role: book.Participant, Participant: "0443"})
	return d, c
}

var keys = func() func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprint("key ", n)
	}
}()

func must(t testing.TB, d *desk.Desk, actor string, c book.Command) desk.Answer {
	t.Helper()
	return mustOn(t, d, id, actor, c)
}

// mustOn has a command on an offer taken.
func mustOn(t testing.TB, d *desk.Desk, id, actor string, c book.Command) desk.Answer {
	t.Helper()
	a, err := d.Do(t.Context(), id, actor, keys(), c)
	if err != nil {
		t.Fatal(err)
	}
	if a.Outcome.Refusal != nil {
		t.Fatalf("%T of %s: %v", c, actor, a.Outcome.Refusal)
	}
	return a
}

func proposal(t testing.TB, d *desk.Desk, x book.Proposal) *book.Proposal {
	t.Helper()
	return proposalOn(t, d, id, x)
}

// proposalOn fills in what every proposal has, as the offer stands.
func proposalOn(t testing.TB, d *desk.Desk, id string, x book.Proposal) *book.Proposal {
	t.Helper()
	err := d.View(t.Context(), id, func(s *book.State) error {
		x.Basis = s.TermsDigest()
		x.Expires = s.Time().Add(time.Hour)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return &x
}

func approval(seq uint64, x *book.Proposal) *book.Decision {
	return &book.Decision{Proposal: seq, Digest: fmt.Sprintf("%x", x.Digest()), Approve: true}
}

// launched is an offer that two people have launched and that takes tenders.
func launched(t testing.TB) (*desk.Desk, *clock) {
	t.Helper()
	d, c := staff(t)
	x := proposal(t, d, book.Proposal{What: book.Launch})
	must(t, d, "bob", approval(must(t, d, "ann", x).Receipt.Seq, x))
	c.set(time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC))
	return d, c
}

func tender(id string, principal int64) *book.Instructions {
	return &book.Instructions{Channel: "api", Rows: []book.Row{{
		Action: book.Tender, ID: id, Series: "9.125", Participant: "0443", Principal: principal,
	}}}
}

func TestARepeatedCommandGetsItsFirstAnswer(t *testing.T) {
	d, _ := launched(t)
	first, err := d.Do(t.Context(), id, "acme", "k1", tender("T1", 250_500_00))
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Outcome.Rows) != 1 || first.Outcome.Rows[0].Code != book.WrongMultiple {
		t.Fatalf("250,500 of a multiple of 1,000: %+v", first.Outcome)
	}
	again, err := d.Do(t.Context(), id, "acme", "k1", tender("T1", 250_500_00))
	if err != nil {
		t.Fatal(err)
	}
	if !again.Receipt.Existing || again.Receipt.Seq != first.Receipt.Seq || again.Outcome.Rows[0].Code != book.WrongMultiple {
		t.Errorf("the same command again: %+v, first %+v", again, first)
	}
	if _, err := d.Do(t.Context(), id, "acme", "k1", tender("T1", 1_000_00)); !errors.Is(err, desk.ErrKeyReused) {
		t.Errorf("another command under the same key: %v", err)
	}
	if a, err := d.Do(t.Context(), id, "ann", "k1", tender("T2", 1_000_00)); err != nil || a.Receipt.Existing {
		t.Errorf("the same key of another actor: %+v, %v", a, err)
	}
}

func TestDesksOnOneJournalAgree(t *testing.T) {
	c := &clock{now: time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC)}
	path := t.TempDir() + "/offers.db"
	var desks []*desk.Desk
	for range 2 {
		store, err := sqlite.Open(t.Context(), path, sqlite.Options{Clock: c.Now})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		desks = append(desks, desk.Open(store))
	}
	file, err := os.ReadFile("../../examples/level3-2004/offer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	must(t, desks[0], "ann", &book.Offer{Name: "offer.yaml", File: string(file)})
	must(t, desks[1], "ann", &book.Grant{Actor: "bob", Role: book.Approver})
	var digests [2][32]byte
	for i, d := range desks {
		if err := d.View(context.Background(), id, func(s *book.State) error { digests[i] = s.Digest(); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if digests[0] != digests[1] {
		t.Error("two desks over one journal have two states")
	}
}

// An edit after the proposal: the approver names the bytes that were seen, so
// other bytes are not approved.
func TestApprovalOfOtherBytesIsRefused(t *testing.T) {
	d, _ := staff(t)
	x := proposal(t, d, book.Proposal{What: book.Launch})
	made := must(t, d, "ann", x)
	edited := *x
	edited.Why = "edited"
	a, err := d.Do(t.Context(), id, "bob", keys(), approval(made.Receipt.Seq, &edited))
	if err != nil {
		t.Fatal(err)
	}
	if a.Outcome.Code() != book.WrongDigest {
		t.Errorf("approval of edited bytes: %v, want %s", a.Outcome.Refusal, book.WrongDigest)
	}
}
