package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/desk"
	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

// slow keeps snapshots when it is told to.
type slow struct {
	desk.Snapshots
	asked, free chan struct{}
}

func (s *slow) Save(offer string, write func(io.Writer) error) error {
	close(s.asked)
	<-s.free
	return s.Snapshots.Save(offer, write)
}

// TestIntakeGoesOnWhileASnapshotIsWritten: who made it due waits for the disk, and
// nobody else.
func TestIntakeGoesOnWhileASnapshotIsWritten(t *testing.T) {
	store := long(t)
	s := &slow{desk.Folder(t.TempDir()), make(chan struct{}), make(chan struct{})}
	d := desk.Open(store)
	d.KeepSnapshots(s, 20)
	viewed := make(chan error, 1)
	go func() { viewed <- d.View(t.Context(), id, func(*book.State) error { return nil }) }()
	<-s.asked
	takesMeanwhile(t, d, "a command waits for a snapshot of another's")
	close(s.free)
	if err := <-viewed; err != nil {
		t.Error(err)
	}
}

// takesMeanwhile fails with the words if a command is not taken while something
// else is held up.
func takesMeanwhile(t *testing.T, d *desk.Desk, waits string) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := d.Do(t.Context(), id, "ann", "meanwhile", tender("T200", 1_000_00))
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error(waits)
	}
}

// TestWhatAKilledWriterLeftIsSwept: and nothing else.
func TestWhatAKilledWriterLeftIsSwept(t *testing.T) {
	folder := t.TempDir()
	old := time.Now().Add(-2 * time.Hour)
	for name, at := range map[string]time.Time{
		"writing-1234": old, "writing-5678": time.Now(), "writing-notes.txt": old, "0a1b.snapshot": old, "writing-": old.Add(time.Minute),
	} {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.WriteFile(path, []byte("half"), 0o600), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "writing-99"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := desk.Folder(folder).Sweep(time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*"))
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if want := []string{"0a1b.snapshot", "writing-5678", "writing-99", "writing-notes.txt"}; err != nil || !slices.Equal(left, want) {
		t.Errorf("left are %q (%v), want %q", left, err, want)
	}
	if err := desk.Folder(filepath.Join(folder, "none")).Sweep(time.Now()); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// counter is a journal that counts the entries it gives out.
type counter struct {
	desk.Journal
	read int
}

func (c *counter) Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	return c.Journal.Read(ctx, offer, from, func(e *journal.Entry) error { c.read++; return each(e) })
}

// long opens an offer with 40 entries behind the launch and gives its journal.
func long(t testing.TB) journaltest.Store { t.Helper(); return longOn(t, onFile) }

// longOn is long on a kind of store.
func longOn(t testing.TB, fresh func(testing.TB) place) journaltest.Store {
	t.Helper()
	c := &clock{now: time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC)}
	store := fresh(t)(t, c.Now)
	d := desk.Open(store)
	launch(t, d)
	c.set(time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC))
	if a, err := d.Do(t.Context(), id, "ann", "refused", tender("R1", 250_500_00)); err != nil || len(a.Outcome.Rows) != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	for i := range 40 {
		must(t, d, "ann", tender(fmt.Sprint("T", i), 1_000_00))
	}
	return store
}

// launch has two people launch the offer, in four entries.
func launch(t testing.TB, d *desk.Desk) {
	t.Helper()
	file, err := os.ReadFile("../../examples/level3-2004/offer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	must(t, d, "ann", &book.Offer{Name: "offer.yaml", File: string(file)})
	must(t, d, "ann", &book.Grant{Actor: "bob", Role: book.Approver})
	x := proposal(t, d, book.Proposal{What: book.Launch})
	must(t, d, "bob", approval(must(t, d, "ann", x).Receipt.Seq, x))
}

// opened folds an offer on a desk with snapshots, and gives its digest and how
// many entries it read for that.
func opened(t testing.TB, j desk.Journal, s desk.Snapshots) (digest [32]byte, read int) {
	t.Helper()
	c := &counter{Journal: j}
	d := desk.Open(c)
	d.KeepSnapshots(s, 20)
	if err := d.View(t.Context(), id, func(s *book.State) error { digest = s.Digest(); return nil }); err != nil {
		t.Fatal(err)
	}
	return digest, c.read
}

func TestADeskBeginsFromASnapshot(t *testing.T) {
	onEachStore(t, func(t *testing.T, fresh func(testing.TB) place) {
		store, folder := longOn(t, fresh), t.TempDir()
		want, read := opened(t, store, desk.Folder(folder))
		if read != 45 {
			t.Errorf("without a snapshot %d entries are read, want 45", read)
		}
		got, read := opened(t, store, desk.Folder(folder))
		if got != want || read != 1 {
			t.Errorf("from a snapshot %d entries are read, want the one that it is checked against; the same state: %t", read, got == want)
		}
		must(t, desk.Open(store), "ann", tender("T100", 1_000_00))
		behind, _ := opened(t, store, desk.Folder(t.TempDir()))
		if got, read := opened(t, store, desk.Folder(folder)); got != behind || read != 2 {
			t.Errorf("with an entry behind it %d are read, want 2; the same state: %t", read, got == behind)
		}
	})
}

// TestASnapshotIsNeverTrusted puts in its place what is not the state of this
// journal: each time the journal is folded, and the snapshot written anew.
func TestASnapshotIsNeverTrusted(t *testing.T) {
	store, folder := long(t), t.TempDir()
	want, _ := opened(t, store, desk.Folder(folder))
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(names) != 1 {
		t.Fatalf("snapshots are %q, %v", names, err)
	}
	image, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	opened(t, long(t), desk.Folder(elsewhere)) // of the same offer in another journal
	foreign, err := os.ReadFile(filepath.Join(elsewhere, filepath.Base(names[0])))
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), image...)
	flipped[len(flipped)/2] ^= 1
	older := append([]byte("tenderbook state 1\n"), image[len("tenderbook state 1\n"):]...)
	for claim, bad := range map[string][]byte{
		"a bit flipped": flipped, "another journal": foreign, "an older version": older, "cut off": image[:len(image)-1], "nothing": {}, "half a head": image[:30],
	} {
		if err := os.WriteFile(names[0], bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, read := opened(t, store, desk.Folder(folder)); got != want || read < 45 {
			t.Errorf("%s: %d entries are read; the same state: %t", claim, read, got == want)
		}
		if again, err := os.ReadFile(names[0]); err != nil || string(again) != string(image) {
			t.Errorf("%s: the snapshot is not written anew: %v", claim, err)
		}
	}
}

// TestASnapshotOfALongerJournalIsIgnored is what a restored backup meets.
func TestASnapshotOfALongerJournalIsIgnored(t *testing.T) {
	store, folder := long(t), t.TempDir()
	opened(t, store, desk.Folder(folder))
	shorter, err := sqlite.Open(t.Context(), t.TempDir()+"/offers.db", sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer shorter.Close()
	if _, err := desk.Copy(t.Context(), shorter, store, id, 30); err != nil {
		t.Fatal(err)
	}
	want, _ := opened(t, shorter, desk.Folder(t.TempDir()))
	if got, _ := opened(t, shorter, desk.Folder(folder)); got != want {
		t.Error("a journal of 30 entries is shown as of a later one")
	}
}

// TestARepeatedCommandFromBeforeTheSnapshot gets its first answer, reasons and
// all.
func TestARepeatedCommandFromBeforeTheSnapshot(t *testing.T) {
	store, folder := long(t), t.TempDir()
	opened(t, store, desk.Folder(folder))
	d := desk.Open(store)
	d.KeepSnapshots(desk.Folder(folder), 20)
	a, err := d.Do(t.Context(), id, "ann", "refused", tender("R1", 250_500_00))
	if err != nil || !a.Receipt.Existing || len(a.Outcome.Rows) != 1 || a.Outcome.Rows[0].Code != book.WrongMultiple || a.Outcome.Rows[0].Why == "" {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := d.Do(t.Context(), id, "ann", "refused", tender("R1", 1_000_00)); !errors.Is(err, desk.ErrKeyReused) {
		t.Errorf("another command under the key: %v", err)
	}
}

// held is a journal of which nobody gets the first entry before free is closed.
type held struct {
	desk.Journal
	asked, free chan struct{}
}

func (h *held) Read(ctx context.Context, offer string, from uint64, each func(*journal.Entry) error) error {
	if from == 1 {
		close(h.asked)
		<-h.free
	}
	return h.Journal.Read(ctx, offer, from, each)
}

// TestFoldingForARepeatedCommandHoldsNobodyUp: the answer of an entry before the
// snapshot takes a journal folded from its start, and the offer goes on meanwhile.
func TestFoldingForARepeatedCommandHoldsNobodyUp(t *testing.T) {
	store, folder := long(t), t.TempDir()
	opened(t, store, desk.Folder(folder))
	h := &held{store, make(chan struct{}), make(chan struct{})}
	d := desk.Open(h)
	d.KeepSnapshots(desk.Folder(folder), 1_000)
	repeated := make(chan error, 1)
	go func() {
		_, err := d.Do(t.Context(), id, "ann", "refused", tender("R1", 250_500_00))
		repeated <- err
	}()
	<-h.asked
	takesMeanwhile(t, d, "a command waits for the fold of a repeated one")
	close(h.free)
	if err := <-repeated; err != nil {
		t.Error(err)
	}
}

// A snapshot that cannot be written is no matter.
func TestSnapshotsThatCannotBeWritten(t *testing.T) {
	store := long(t)
	want, _ := opened(t, store, desk.Folder(t.TempDir()))
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, _ := opened(t, store, desk.Folder(filepath.Join(file, "below"))); got != want {
		t.Error("another state")
	}
}
