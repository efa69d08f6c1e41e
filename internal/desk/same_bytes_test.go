package desk_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/internal/journaltest"
	"tenderbook/journal"
)

var (
	journals   = flag.Int("journals", 200/underRace, "how many journals TestSameBytes writes in each way")
	everyWay   = flag.Bool("every-way", false, "TestSameBytes writes each journal in nine ways, not in one of three")
	digestFile = flag.String("digests", "", "`FILE` for what TestSameBytes comes to: written if it is not there, else compared, such as with that of another architecture")
)

// A way is one in which a journal can be written and folded.
type way struct {
	processors, batch int
	fold              bool // what was written is folded too, once for each number of processors
}

func ways() (all []way) {
	for i, processors := range []int{1, 2, 8} {
		for k, batch := range []int{2, 9, 64} {
			if i == k || *everyWay {
				all = append(all, way{processors, batch, i == k})
			}
		}
	}
	return all
}

// A sum is what a journal is and what it comes to.
type sum struct {
	entries [32]byte // SHA-256 of their encodings
	all     [32]byte // of the entries, the answer to each, the state and the result; zero if it was not folded
}

// together is how many journals are written at the same time.
func together() int { return min(max(40, *journals/20), 400) }

// TestSameBytes is reliability goal H5: the same commands at the same times give
// the same journal, the same answers, the same state and the same result, to the
// byte, with 1, 2 and 8 processors, in batches of three sizes, in memory, on
// SQLite and on PostgreSQL. With -digests another architecture is compared too.
//
// The fold sees entries, not batches: where the entries of a journal are compared
// in nine ways, it is folded in three of them.
func TestSameBytes(t *testing.T) {
	var n counted
	sums, scripts := make([]sum, *journals), make([]*script, *journals)
	for number := range sums {
		scripts[number] = written(t, number)
		n.count(scripts[number])
	}
	inMemory(t, scripts, sums)
	if n.refusals < *journals || n.accepted < *journals {
		t.Errorf("the journals prove nothing: %+v", n)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	onEachStore(t, func(t *testing.T, fresh func(testing.TB) place) {
		all := ways()
		for group, from := 0, 0; from < *journals; group, from = group+1, from+together() {
			to := min(from+together(), *journals)
			t.Run(fmt.Sprintf("%d to %d", from, to-1), func(t *testing.T) { // its stores are gone when it ends
				for i, w := range all {
					if *everyWay || group%len(all) == i {
						runtime.GOMAXPROCS(w.processors)
						sameBytes(t, fresh(t), w, scripts[from:to], sums[from:to])
					}
				}
			})
		}
		t.Logf("H5: %d journals with %d entries, %d rows and entries refused, %d instructions accepted; in memory and here in %d ways (every way for each: %t): 1 SHA-256 of the entries each; folded with 1, 2 and 8 processors: 1 SHA-256 of answers, state and result each",
			*journals, n.entries, n.refusals, n.accepted, len(all), *everyWay)
	})
	compareDigests(t, sums)
}

// counted is what the journals hold.
type counted struct{ entries, refusals, accepted int }

func (n *counted) count(p *script) {
	n.entries += int(p.last.Seq)
	n.refusals += len(p.state.Refusals())
	for x := range p.state.Instructions() {
		if x.Accepted > 0 {
			n.accepted++
		}
	}
	p.state = nil // it has served
}

// inMemory writes the journals to the plainest store, each hour in one batch.
func inMemory(t *testing.T, scripts []*script, sums []sum) {
	t.Helper()
	hour := 0
	m := journaltest.NewMemory(func() time.Time { return hours[hour] })
	for hour = range hours {
		for _, p := range scripts {
			appendIn(t, m, p.offer, p.hours[hour], len(p.hours[hour]))
		}
	}
	for i, p := range scripts {
		sums[i] = bytesOf(t, m, p.offer, true)
	}
}

// sameBytes writes journals at the same time, hour by hour, and compares.
func sameBytes(t *testing.T, at place, w way, scripts []*script, want []sum) {
	t.Helper()
	hour := 0
	store := at(t, func() time.Time { return hours[hour] })
	var all sync.WaitGroup
	for hour = range hours {
		for _, p := range scripts {
			all.Go(func() { appendIn(t, store, p.offer, p.hours[hour], w.batch) })
		}
		all.Wait()
	}
	for i, p := range scripts {
		all.Go(func() {
			got := bytesOf(t, store, p.offer, w.fold)
			if got.entries != want[i].entries || w.fold && got.all != want[i].all {
				t.Errorf("%s with %+v: SHA-256 %x, in memory %x", p.offer, w, got, want[i])
			}
		})
	}
	all.Wait()
	if err := store.(io.Closer).Close(); err != nil { // there are many of them
		t.Error(err)
	}
}

// appendIn appends drafts in batches of a size.
func appendIn(t *testing.T, s journaltest.Store, offer string, drafts []journal.Draft, size int) {
	for len(drafts) > 0 {
		n := min(size, len(drafts))
		if _, err := s.Append(t.Context(), offer, drafts[:n]...); err != nil {
			t.Error(err)
			return
		}
		drafts = drafts[n:]
	}
}

// bytesOf reads a journal and, if it is to be folded, all that it comes to: the
// answer to each entry, the snapshot of the state, the result.
func bytesOf(t *testing.T, s journaltest.Store, offer string, fold bool) sum {
	t.Helper()
	entries, all, state := sha256.New(), sha256.New(), book.New(offer)
	err := s.Read(t.Context(), offer, 1, func(e *journal.Entry) error {
		entries.Write(e.AppendBinary(nil))
		if fold {
			o := state.Apply(e)
			fmt.Fprintf(all, "%d %d %s %+v\n", o.Seq, o.Taken, o.Code(), o.Rows)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	is := sum{entries: [32]byte(entries.Sum(nil))}
	if !fold {
		return is
	}
	all.Write(is.entries[:])
	if _, err := state.WriteTo(all); err != nil {
		t.Error(err)
	}
	plan, err := state.Plan(book.Final)
	if err != nil {
		t.Errorf("%s: %v", offer, err)
		return is
	}
	fmt.Fprintf(all, "%s %+v\n", plan.Digest, state.Results())
	for x := range state.Instructions() {
		fmt.Fprintf(all, "%+v\n", x)
	}
	is.all = [32]byte(all.Sum(nil))
	return is
}

// compareDigests writes the digests to a file, or compares them with it.
func compareDigests(t *testing.T, sums []sum) {
	t.Helper()
	if *digestFile == "" {
		return
	}
	var now bytes.Buffer
	for _, sum := range sums {
		now.WriteString(hex.EncodeToString(sum.all[:]) + "\n")
	}
	was, err := os.ReadFile(*digestFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = os.WriteFile(*digestFile, now.Bytes(), 0o644)
	case err == nil && !bytes.Equal(was, now.Bytes()):
		t.Errorf("%s/%s comes to other bytes than %s has", runtime.GOOS, runtime.GOARCH, *digestFile)
	case err == nil:
		t.Logf("H5: %s has the same %d digests as %s", runtime.GOARCH, strings.Count(string(was), "\n"), *digestFile)
	}
	if err != nil {
		t.Error(err)
	}
}
