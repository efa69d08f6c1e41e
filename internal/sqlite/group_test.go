package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

// One bit is flipped anywhere in a row of many entries. Reading and checking the
// chain finds it each time, at the entry where it is or the one behind, which
// names the hash of what was there.
func TestDamageInsideARowIsFoundAtItsEntry(t *testing.T) {
	const entries = 12
	path := filepath.Join(t.TempDir(), "offers.db")
	s := open(t, path, sqlite.Options{})
	var drafts []journal.Draft
	for i := range entries {
		drafts = append(drafts, note(fmt.Sprint("key ", i), 20))
	}
	if _, err := s.Append(t.Context(), "o", drafts...); err != nil {
		t.Fatal(err)
	}
	db := raw(t, path)
	if _, err := db.Exec("PRAGMA synchronous = OFF"); err != nil {
		t.Fatal(err)
	}
	for _, column := range []string{"entries", "commands"} {
		whole := blob(t, db, column)
		for at := range whole {
			damaged := slices.Clone(whole)
			damaged[at] ^= 1 << (at % 8)
			setBlob(t, db, column, damaged)
			found, err := firstDamage(t, s)
			where := at*entries/len(whole) + 1 // all entries but for 10 and 11 have the same length
			if err == nil || found < where-1 || found > where+2 {
				t.Errorf("%s, byte %d of about entry %d: found at entry %d: %v", column, at, where, found, err)
			}
		}
		setBlob(t, db, column, whole)
	}
	for _, cut := range []int{1, 50, 500} {
		whole := blob(t, db, "entries")
		setBlob(t, db, "entries", whole[:len(whole)-cut])
		if found, err := firstDamage(t, s); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("a row that is %d bytes short: found at %d: %v", cut, found, err)
		}
		setBlob(t, db, "entries", append(whole, make([]byte, cut)...))
		if found, err := firstDamage(t, s); err == nil || !strings.Contains(err.Error(), "too many") {
			t.Errorf("a row that is %d bytes too long: found at %d: %v", cut, found, err)
		}
		setBlob(t, db, "entries", whole)
	}
	if found, err := firstDamage(t, s); err != nil {
		t.Errorf("what was put right: entry %d: %v", found, err)
	}
}

func blob(t *testing.T, db *sql.DB, column string) (b []byte) {
	t.Helper()
	if err := db.QueryRow("SELECT " + column + " FROM groups").Scan(&b); err != nil {
		t.Fatal(err)
	}
	return b
}

func setBlob(t *testing.T, db *sql.DB, column string, b []byte) {
	t.Helper()
	if _, err := db.Exec("UPDATE groups SET "+column+" = ?", b); err != nil {
		t.Fatal(err)
	}
}

// firstDamage reads the offer as verify does, and says at which entry it found
// something.
func firstDamage(t *testing.T, s *sqlite.Store) (entry int, err error) {
	t.Helper()
	v, err := journal.NewVerifier("o")
	if err != nil {
		t.Fatal(err)
	}
	head, err := s.Head(t.Context(), "o")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Read(t.Context(), "o", 1, func(e *journal.Entry) error {
		if _, err := v.Add(e.AppendBinary(nil), journal.Place{}); err != nil {
			return err
		}
		if e.Seq == head.Seq && e.Hash() != head.Hash {
			return errors.New("the last entry is not the one that the head names")
		}
		return nil
	})
	return int(v.Size()) + 1, err
}

// One append of many megabytes is several rows and still whole, and a command
// that comes twice in it is found in a row that was written already.
func TestAppendOfSeveralRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	s := open(t, path, sqlite.Options{})
	var drafts []journal.Draft
	for i := range 8 {
		drafts = append(drafts, note(fmt.Sprint(i%7), 2<<20))
	}
	receipts, err := s.Append(t.Context(), "o", drafts...)
	if err != nil {
		t.Fatal(err)
	}
	if last := receipts[7]; last.Seq != 1 || !last.Existing {
		t.Errorf("the command that came twice: entry %d, existing %t", last.Seq, last.Existing)
	}
	if n := len(journaltest.Check(t, s, "o")); n != 7 {
		t.Errorf("%d entries, want 7", n)
	}
	rows := 0
	if err := raw(t, path).QueryRow("SELECT count(*) FROM groups").Scan(&rows); err != nil || rows < 2 {
		t.Errorf("%d rows (%v), want several", rows, err)
	}
}

// Two stores on one file, as two processes have them, are sent the same commands,
// one after the other and then at the same time: each is on record once.
func TestStoresOnOneFileSeeEachOthersCommands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	stores := []*sqlite.Store{open(t, path, sqlite.Options{}), open(t, path, sqlite.Options{})}
	const commands = 120
	var got [2][commands]journal.Receipt
	send := func(store, k int) {
		r, err := stores[store].Append(t.Context(), "o", note(fmt.Sprint(k), 10))
		if err != nil {
			t.Error(err)
			return
		}
		got[store][k] = r[0]
	}
	for k := range commands / 2 {
		send(k%2, k)
		send(1-k%2, k)
		if first, again := got[k%2][k], got[1-k%2][k]; first.Existing || !again.Existing {
			t.Errorf("command %d: receipts %v, then %v", k, first, again)
		}
	}
	var all sync.WaitGroup
	for store := range stores {
		all.Go(func() {
			for k := commands / 2; k < commands; k++ {
				send(store, k)
			}
		})
	}
	all.Wait()
	if n := len(journaltest.Check(t, stores[0], "o")); n != commands {
		t.Errorf("%d entries, want %d", n, commands)
	}
	for k := range commands {
		if a, b := got[0][k], got[1][k]; a.Seq != b.Seq || a.Hash != b.Hash || a.Existing == b.Existing {
			t.Errorf("command %d: receipts %v and %v", k, a, b)
		}
	}
}

// A repeated command changes the file, so that its answer waits for the disk.
func TestARepeatedCommandWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "offers.db")
	s := open(t, path, sqlite.Options{})
	for range 4 {
		if _, err := s.Append(t.Context(), "o", note("1", 10)); err != nil {
			t.Fatal(err)
		}
	}
	repeats := 0
	if err := raw(t, path).QueryRow("SELECT repeats FROM heads").Scan(&repeats); err != nil || repeats != 3 {
		t.Errorf("%d repeats on record (%v), want 3", repeats, err)
	}
}

// Who asks is told of all entries, in order, before the one who appended them is
// answered; and what the caller does to its bytes later changes nothing.
func TestAnnounce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "offers.db"), sqlite.Options{})
	var mu sync.Mutex
	told := map[string][]journal.Entry{}
	stop := s.Announce(func(offer string, entries []journal.Entry, last [32]byte) {
		mu.Lock()
		defer mu.Unlock()
		if n := len(entries); last != entries[n-1].Hash() {
			t.Errorf("%s: told of entry %d with the hash of another", offer, entries[n-1].Seq)
		}
		told[offer] = append(told[offer], entries...)
	})
	var all sync.WaitGroup
	for c := range 8 {
		all.Go(func() {
			offer := fmt.Sprint("offer ", c%2)
			for i := range 40 {
				d := note(fmt.Sprint(c, " ", i/2), 100) // each twice
				r, err := s.Append(t.Context(), offer, d)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if n := uint64(len(told[offer])); n < r[0].Seq {
					t.Errorf("answered with entry %d, told of %d", r[0].Seq, n)
				}
				mu.Unlock()
				copy(d.Body, bytes.Repeat([]byte{0xff}, 100))
			}
		})
	}
	all.Wait()
	stop()
	if _, err := s.Append(t.Context(), "offer 3", note("late", 1)); err != nil || len(told["offer 3"]) > 0 {
		t.Errorf("after the stop: told of %d entries, %v", len(told["offer 3"]), err)
	}
	for offer, entries := range told {
		onRecord := journaltest.Check(t, s, offer)
		if len(entries) != 80 || len(onRecord) != 80 {
			t.Fatalf("%s: told of %d entries, %d are on record, want 80", offer, len(entries), len(onRecord))
		}
		for i := range entries {
			if entries[i].Hash() != onRecord[i].Hash() {
				t.Errorf("%s: entry %d is another one than was told", offer, i+1)
			}
		}
	}
}
