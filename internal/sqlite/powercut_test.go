package sqlite_test

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

var cuts = flag.Int("cuts", 2000/underRace, "how many power cuts TestPowerCut tries")

// The system calls of processes that append are recorded; then the power fails
// between any two of them, again and again, with any part of what was not synced
// lost, torn or out of order. The store must open each time, with its chain whole
// and all that was acknowledged before the cut.
func TestPowerCut(t *testing.T) {
	lost, disks, acked := powerCuts(t, *cuts)
	if lost > 0 {
		t.Errorf("%d of %d power cuts lost acknowledged commands", lost, *cuts)
	}
	t.Logf("H2: %d power cuts in the life of %d acknowledged commands left %d different disks: 0 lost, 0 refused to start", *cuts, acked, disks)
}

// A store that does not wait for the disk fails the same test.
func TestPowerCutFindsWhatIsNotSynced(t *testing.T) {
	t.Setenv(synchronousVariable, "NORMAL")
	lost, _, _ := powerCuts(t, 60)
	if lost == 0 {
		t.Error("with synchronous=NORMAL none of 60 power cuts lost anything: the test is blind")
	}
	t.Logf("with synchronous=NORMAL %d of 60 power cuts lose acknowledged commands", lost)
}

// powerCuts says how many of the cuts lost something acknowledged, and how many
// different disks they left. A disk that two cuts leave after the same receipts is
// opened once.
func powerCuts(t *testing.T, n int) (lost, disks, acked int) {
	dir := t.TempDir()
	child := &journaltest.Child{Where: filepath.Join(dir, "offers.db"), Name: "c", Next: []int{0, 0, 0, 0}, Stop: 40, Limit: 4000}
	events, _ := strace(t, child) // ends by closing, which takes the log in and deletes it
	child.Next, child.Stop = []int{40, 40, 40, 40}, 60
	more, _ := strace(t, child)
	events = append(events, more...)

	checkModel(t, dir, events)

	random := rand.New(rand.NewPCG(2, uint64(n)))
	at := make([]int, n)
	for i := range at {
		at[i] = random.IntN(len(events) + 1)
	}
	slices.Sort(at)
	d, done := newDisk(dir), 0
	var acks journaltest.Acks
	opened := map[[32]byte]int{} // what was lost, by disk and receipts
	for i, cut := range at {
		for ; done < cut; done++ {
			if e := events[done]; e.what == "ack" {
				acks.Add(t, e.ack)
			} else {
				d.apply(e)
			}
		}
		left := d.cut(rand.New(rand.NewPCG(uint64(i), 3)))
		is := digestOf(left, acks.Len())
		if _, again := opened[is]; !again {
			opened[is] = afterCut(t, left, &acks)
		}
		lost += opened[is]
	}
	if acks.Len() < 100 {
		t.Fatalf("%d receipts in the trace: too few to say anything", acks.Len())
	}
	return lost, len(opened), acks.Len()
}

// digestOf tells disks and numbers of receipts apart.
func digestOf(files map[string][]byte, receipts int) [32]byte {
	h := sha256.New()
	fmt.Fprintln(h, receipts)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintln(h, name, len(files[name]))
		h.Write(files[name])
	}
	return [32]byte(h.Sum(nil))
}

// checkModel holds the model of the disk to the folder that the processes left.
func checkModel(t *testing.T, dir string, events []event) {
	t.Helper()
	d := newDisk(dir)
	for i, e := range events {
		if e.what == "write" && d.now[e.path] == nil {
			t.Fatalf("event %d writes to %s, whose creation the trace does not show", i, e.path)
		}
		d.apply(e)
	}
	for path, f := range d.now {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("the trace says that a file is there: %v", err)
		}
		content := slices.Clone(f.sure)
		for _, e := range f.pending {
			content = applyTo(content, *e)
		}
		if !bytes.Equal(content, want) {
			t.Fatalf("%s has %d bytes, by the trace other %d", path, len(want), len(content))
		}
	}
}

// afterCut opens what a cut leaves and returns 1 if something acknowledged is
// not there.
func afterCut(t *testing.T, files map[string][]byte, acks *journaltest.Acks) int {
	t.Helper()
	dir, err := os.MkdirTemp(memory(), "cut-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "offers.db"), sqlite.Options{})
	if err != nil {
		t.Fatalf("after a power cut the store does not open: %v", err)
	}
	defer s.Close()
	lost := 0
	if acks.Lost(journaltest.Check(t, s, "o")) > 0 {
		lost = 1
	}
	if _, err := s.Append(t.Context(), "o", journal.Draft{Kind: journal.KindNote, Actor: "after", Key: "after"}); err != nil {
		t.Fatalf("after a power cut the store takes nothing: %v", err)
	}
	return lost
}

// memory is a folder that costs no disk, where there is one.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}
