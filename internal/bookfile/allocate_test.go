package bookfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenderbook/allocation"
	"tenderbook/bench/books"
)

func allocate(t testing.TB, book string, o Options) (string, *Result, error) {
	t.Helper()
	var out bytes.Buffer
	r, err := Allocate(context.Background(), Bytes("book.csv", []byte(book)), o, &out)
	return out.String(), r, err
}

// One book has every action, the deadlines to the second, names to guard and
// columns of its own; three runs look at it.
func TestGoldenBook(t *testing.T) {
	book, err := os.ReadFile("testdata/all-actions.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		set  func(*Options)
	}{
		{"final", func(*Options) {}},
		{"as-of-delivery", func(o *Options) { o.AsOf = time.Date(2004, 11, 7, 0, 0, 0, 0, newYork) }},
		{"only-early", func(o *Options) { o.Only, o.AsOf = OnlyEarly, deadline("before 2004-11-12 17:00").At.Add(-1) }},
		{"only-late", func(o *Options) { o.Only = OnlyLate }},
		{"pay-by-participant", func(o *Options) { o.Terms.Payment.PayBy = "participant" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := level3Options(t)
			c.set(&o)
			out, _, err := allocate(t, string(book), o)
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, filepath.Join("testdata", "all-actions."+c.name+".want.csv"), out)
		})
	}
}

func TestAnEmptyBookIsNoProblem(t *testing.T) {
	for _, book := range []string{"instruction,received_at,series,principal", "\ufeffinstruction,received_at,series,principal\r\n\r\n"} {
		out, r, err := allocate(t, book, level3Options(t))
		if err != nil || r.Rows != 0 || out != strings.Join(outputColumns, ",")+"\n" {
			t.Errorf("%q: %q, %v", book, out, err)
		}
	}
}

// The made-up book of the benchmarks comes out the same from a slow reader, and
// however many processors and blocks there are.
func TestMadeUpBookAgrees(t *testing.T) {
	offer := books.Offer{Series: 152, Rows: 3000}
	name, o := madeBook(t, offer)
	book, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, k := range []struct {
		workers   int
		blockSize int64
	}{{1, 0}, {2, 0}, {2, 777}, {7, 5000}} {
		o.workers, o.blockSize = k.workers, k.blockSize
		out, r, err := allocate(t, string(book), o)
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = out
		}
		if out != want {
			t.Errorf("%d workers, blocks of %d: another allocation", k.workers, k.blockSize)
		}
		sum := sha256.Sum256(book)
		if r.Digest != hex.EncodeToString(sum[:]) || r.Rows != 3000 {
			t.Errorf("digest %s of %d rows, want %x of 3000", r.Digest, r.Rows, sum)
		}
	}
}

// Participation counts what is live in the hour it came; a withdrawal counts in
// its own.
func TestParticipation(t *testing.T) {
	const book = `instruction,received_at,series,principal,action,refers_to
I-1,2004-10-29T09:10:00-04:00,11,3000,,
I-2,2004-10-29T09:50:00-04:00,11,2000,,
I-3,2004-10-29T10:00:00-04:00,11,1000,withdraw,I-1
I-4,2004-11-30T10:00:00-05:00,11,1000,,
`
	_, r, err := allocate(t, book, level3Options(t))
	if err != nil {
		t.Fatal(err)
	}
	p := r.Participation
	if p.Step != time.Hour || !p.From.Equal(time.Date(2004, 10, 29, 0, 0, 0, 0, newYork)) {
		t.Errorf("steps of %v from %v", p.Step, p.From)
	}
	got := map[int]Hour{}
	for i, h := range p.Series[1] {
		if h != (Hour{}) {
			got[i] = h
		}
	}
	want := map[int]Hour{9: {Tenders: 2, Tendered: 5000_00}, 10: {Withdrawn: 1000_00}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hours (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Uncounted{{"received after expiration", 1, 1, 1000_00}}, r.NotLive); diff != "" {
		t.Errorf("not live (-want +got):\n%s", diff)
	}
}

// Three tenders of one participant are paid 857.50 + 3 x 1.3333 of interest:
// 1/3 of a cent each is lost by itself and makes a cent together.
func TestPayByParticipantRoundsOnce(t *testing.T) {
	const book = `instruction,received_at,series,principal,participant
I-1,2004-10-30T09:10:00-04:00,9.125,1000,P
I-2,2004-10-30T09:11:00-04:00,9.125,1000,P
I-3,2004-10-30T09:12:00-04:00,9.125,1000,P
I-4,2004-10-30T09:12:00-04:00,9.125,1000,Q
`
	o := level3Options(t)
	third := o.Alloc.Series[0].Interest[0]
	third.SetFrac64(1, 1000*100*3) // 1/3 of a cent on 1,000
	o.Terms.Payment.PayBy = "participant"
	out, r, err := allocate(t, book, o)
	if err != nil {
		t.Fatal(err)
	}
	var interest []string
	for _, line := range strings.Split(out, "\n")[1:5] {
		interest = append(interest, strings.Split(line, ",")[11])
	}
	// Q: 1/3 of a cent rounds to 0. P: 3 x 1/3 is a cent, and the earliest takes it.
	if got := strings.Join(interest, " "); got != "0.01 0.00 0.00 0.00" || r.Live[0].Interest != 1 {
		t.Errorf("interest %s, in all %d; want 0.01 0.00 0.00 0.00, in all 1", got, r.Live[0].Interest)
	}
}

func TestExplain(t *testing.T) {
	book, err := os.ReadFile("testdata/all-actions.csv")
	if err != nil {
		t.Fatal(err)
	}
	explain := func(id string) (*Explanation, error) {
		return Explain(context.Background(), Bytes("book.csv", book), level3Options(t), id)
	}
	x, err := explain("I-06")
	if err != nil {
		t.Fatal(err)
	}
	if x.Line != 7 || !x.Live || x.Tender.Principal != 600000_00 || x.Principal != 1000000_00 || len(x.Related) != 2 ||
		x.Related[0].Principal != 400000_00 || x.Related[1].Void == "" || x.Fields["account"] != "A-4" || x.Outcome.Accepted == 0 {
		t.Errorf("I-06 is explained as %+v", x)
	}
	if x, err = explain("I-01"); err != nil || x.Outcome.Reason != allocation.AcceptedInFull || x.Reason != "accepted in full" {
		t.Errorf("I-01 is explained as %+v, %v", x, err)
	}
	_, err = explain("I-99")
	var unknown *UnknownError
	if !errors.As(err, &unknown) {
		t.Errorf("I-99 is explained with %v", err)
	}
}

// A book that changes between the readings is not allocated by halves.
func TestChangedBook(t *testing.T) {
	name := filepath.Join(t.TempDir(), "book.csv")
	book := "instruction,received_at,series,principal\n"
	for i := range 1000 {
		book += fmt.Sprintf("I-%d,2004-11-03T10:00:00-05:00,11,1000\n", i)
	}
	if err := os.WriteFile(name, []byte(book), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if err := os.Truncate(name, 100); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := Allocate(context.Background(), src, level3Options(t), &out); !errors.Is(err, ErrChanged) {
		t.Errorf("a shortened book gives %v", err)
	}
}

func TestStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	o := level3Options(t)
	o.blockSize = 50
	o.Progress = func(int64, int64) { cancel() }
	book := "instruction,received_at,series,principal\n" + strings.Repeat("I-1,2004-11-03T10:00:00-05:00,11,1000\n", 1000)
	if _, err := Allocate(ctx, Bytes("book.csv", []byte(book)), o, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled run gives %v", err)
	}
}

// A disk that is full fails the run; nobody waits for a turn that never comes.
func TestFailingOutput(t *testing.T) {
	book := "instruction,received_at,series,principal\n"
	for i := range 1000 {
		book += fmt.Sprintf("I-%d,2004-11-03T10:00:00-05:00,11,1000\n", i)
	}
	for _, room := range []int{0, 200, 5000} {
		o := level3Options(t)
		o.blockSize, o.workers = 50, 4
		_, err := Allocate(context.Background(), Bytes("book.csv", []byte(book)), o, &fullDisk{room})
		if !errors.Is(err, errFull) {
			t.Errorf("room for %d bytes: %v", room, err)
		}
	}
}

var errFull = errors.New("disk is full")

type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}
