package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/mod/sumdb/note"
)

// aBundle makes a bundle of a journal with a signed checkpoint in the middle and
// at the end, and two attachments.
func aBundle(t testing.TB, offer string, journal [][]byte, signer note.Signer) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := NewBundleWriter(&file, offer)
	check(t, err)
	for i, b := range journal {
		check(t, w.Entry(b))
		if i+1 == len(journal)/2 || i+1 == len(journal) {
			signed, err := verified(t, offer, journal[:i+1]).Sign(signer)
			check(t, err)
			check(t, w.Checkpoint(signed))
		}
	}
	check(t, w.Attach("allocation.csv", strings.NewReader("instruction,accepted\nI-1,1000\n")))
	check(t, w.Attach("empty.txt", strings.NewReader("")))
	_, err = w.Close()
	check(t, err)
	return file.Bytes()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestBundleGoesRound(t *testing.T) {
	journal := aJournal("LVLT-2004", 21, 30)
	signer, known := keys(t, "agent.example", 1)
	file := aBundle(t, "LVLT-2004", journal, signer)
	var got [][]byte
	attached := map[string]string{}
	report, err := ImportBundle(bytes.NewReader(file), BundleOptions{
		File: "lvlt.bundle", Offer: "LVLT-2004", Keys: known,
		Entry: func(e *Entry, at Place) error {
			got = append(got, e.AppendBinary(nil))
			if !bytes.Contains(file[at.Offset:at.Offset+int64(frameHead+len(got[len(got)-1]))], got[len(got)-1]) {
				t.Errorf("entry %d is not at offset %d", e.Seq, at.Offset)
			}
			return nil
		},
		Attachment: func(name string, content io.Reader) error {
			b, err := io.ReadAll(content)
			attached[name] = string(b)
			return err
		},
	})
	check(t, err)
	if !bytes.Equal(bytes.Join(got, nil), bytes.Join(journal, nil)) {
		t.Error("the entries are not those that went in")
	}
	if len(attached) != 2 || attached["allocation.csv"] != "instruction,accepted\nI-1,1000\n" || attached["empty.txt"] != "" {
		t.Errorf("attachments are %q", attached)
	}
	if report.Offer != "LVLT-2004" || report.Entries != 21 || len(report.Checkpoints) != 2 || report.Checkpoints[0].Size != 10 ||
		report.Root != report.Checkpoints[1].Root || report.Size != int64(len(file)) || report.Attachments[0].Size != 30 {
		t.Errorf("report %+v", report)
	}
}

func TestBundleOfNothing(t *testing.T) {
	var file bytes.Buffer
	w, err := NewBundleWriter(&file, "A")
	check(t, err)
	digest, err := w.Close()
	check(t, err)
	report, err := VerifyBundle(iotest.OneByteReader(&file), BundleOptions{})
	if err != nil || report.Entries != 0 || report.Digest != digest {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestLargeAttachmentsComeInPieces(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789abcdef"), 3*attachmentStep/16)
	big = append(big, "the rest"...)
	var file bytes.Buffer
	w, err := NewBundleWriter(&file, "A")
	check(t, err)
	check(t, w.Attach("big", iotest.HalfReader(bytes.NewReader(big))))
	_, err = w.Close()
	check(t, err)
	var got []byte
	_, err = ImportBundle(bytes.NewReader(file.Bytes()), BundleOptions{Attachment: func(_ string, r io.Reader) (err error) {
		got, err = io.ReadAll(iotest.OneByteReader(r))
		return err
	}})
	check(t, err)
	if !bytes.Equal(got, big) {
		t.Error("the attachment is not what went in")
	}
}

func TestImportTakesAllOrNothing(t *testing.T) {
	signer, _ := keys(t, "agent.example", 1)
	file := aBundle(t, "A", aJournal("A", 10, 8), signer)
	broken := bytes.Clone(file)
	broken[len(broken)-1] ^= 1
	taken := 0
	take := BundleOptions{Entry: func(*Entry, Place) error { taken++; return nil }}
	if _, err := ImportBundle(bytes.NewReader(broken), take); err == nil || taken != 0 {
		t.Errorf("%d entries of a broken bundle were taken: %v", taken, err)
	}
	// Another file stands there when it is read again.
	other := aBundle(t, "A", aJournal("A", 10, 9), signer)
	if _, err := ImportBundle(&turncoat{first: file, second: other}, take); err == nil || !strings.Contains(err.Error(), "changed while it was imported") {
		t.Errorf("got %v", err)
	}
	refusal := errors.New("disk full")
	if _, err := ImportBundle(bytes.NewReader(file), BundleOptions{Entry: func(*Entry, Place) error { return refusal }}); !errors.Is(err, refusal) {
		t.Errorf("got %v", err)
	}
	if _, err := VerifyBundle(iotest.ErrReader(refusal), BundleOptions{}); !errors.Is(err, refusal) {
		t.Errorf("got %v", err)
	}
}

// A turncoat is a file that is replaced between two readings.
type turncoat struct {
	first, second []byte
	now           *bytes.Reader
}

func (c *turncoat) Read(p []byte) (int, error) {
	if c.now == nil {
		c.now = bytes.NewReader(c.first)
	}
	return c.now.Read(p)
}

func (c *turncoat) Seek(int64, int) (int64, error) {
	c.now = bytes.NewReader(c.second)
	return 0, nil
}

func TestBundleIsCheckedAgainstWhatIsKnown(t *testing.T) {
	signer, known := keys(t, "agent.example", 1)
	_, stranger := keys(t, "agent.example", 2)
	long, short := aJournal("A", 20, 8), aJournal("A", 20, 8)[:12]
	c, err := verified(t, "A", long).Checkpoint()
	check(t, err)
	for _, x := range []struct {
		claim string
		file  []byte
		o     BundleOptions
		code  Code
	}{
		{"all is well", aBundle(t, "A", long, signer), BundleOptions{Keys: known, Known: []Checkpoint{c}}, ""},
		{"entries gone at the end, well wrapped", aBundle(t, "A", short, signer), BundleOptions{Keys: known, Known: []Checkpoint{c}}, CutOff},
		{"a stranger's signature", aBundle(t, "A", long, signer), BundleOptions{Keys: stranger}, BadCheckpoint},
		{"another offer than asked for", aBundle(t, "A", long, signer), BundleOptions{Offer: "B"}, OtherOffer},
		{"a checkpoint of another offer", aBundle(t, "B", aJournal("B", 3, 3), signer), BundleOptions{Known: []Checkpoint{c}}, OtherOffer},
		{"no bundle", []byte("PK\x03\x04"), BundleOptions{}, BadFrame},
		{"an empty file", nil, BundleOptions{}, BadFrame},
		{"a later format", []byte("tenderbook bundle 2\nwhat may come"), BundleOptions{}, NewerFormat},
	} {
		x.o.File = "f"
		_, err := VerifyBundle(bytes.NewReader(x.file), x.o)
		if x.code == "" {
			check(t, err)
		} else if d := damageOf(t, err); d.Code != x.code || d.File != "f" {
			t.Errorf("%s: got %v, needs %s", x.claim, err, x.code)
		}
	}
}

func TestBundleWriterRefuses(t *testing.T) {
	journal := aJournal("A", 3, 3)
	other := aJournal("B", 3, 3)
	signer, _ := keys(t, "agent.example", 1)
	signed, err := verified(t, "A", journal).Sign(signer)
	check(t, err)
	for _, c := range []struct {
		want string
		do   func(*BundleWriter) error
	}{
		{"missing", func(w *BundleWriter) error { return w.Entry(journal[1]) }},
		{"offer \"B\"", func(w *BundleWriter) error { return w.Entry(other[0]) }},
		{"cut-off", func(w *BundleWriter) error { return w.Checkpoint(signed) }},
		{"malformed note", func(w *BundleWriter) error { return w.Checkpoint([]byte("x")) }},
		{"without a folder", func(w *BundleWriter) error { return w.Attach("../x", strings.NewReader("")) }},
		{"is there already", func(w *BundleWriter) error {
			check(t, w.Attach("x", strings.NewReader("")))
			return w.Attach("x", strings.NewReader(""))
		}},
		{"entries come first", func(w *BundleWriter) error {
			check(t, w.Attach("x", strings.NewReader("")))
			return w.Entry(journal[0])
		}},
		{"no ink", func(w *BundleWriter) error { return w.Attach("x", iotest.ErrReader(errors.New("no ink"))) }},
	} {
		w, err := NewBundleWriter(io.Discard, "A")
		check(t, err)
		if err := c.do(w); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, needs %q", err, c.want)
		}
		if _, err := w.Close(); err == nil {
			t.Errorf("after %q the bundle can be closed as if it were whole", c.want)
		}
	}
	if _, err := NewBundleWriter(io.Discard, "a\nb"); err == nil {
		t.Error("an offer of two lines is taken")
	}
}

func ExampleVerifyBundle() {
	// A journal of one entry, as a store keeps it.
	e := Next("LVLT-2004", Receipt{}, opened, Draft{Kind: KindNote, Version: 1, Actor: "ann", Key: "1", Body: []byte("opened")})
	encoding := e.AppendBinary(nil)

	var file bytes.Buffer
	w, _ := NewBundleWriter(&file, "LVLT-2004")
	w.Entry(encoding)
	w.Close()

	damaged := file.Bytes()
	report, err := VerifyBundle(bytes.NewReader(damaged), BundleOptions{File: "lvlt.bundle"})
	fmt.Println(report.Entries, err)
	damaged[80] ^= 1
	_, err = VerifyBundle(bytes.NewReader(damaged), BundleOptions{File: "lvlt.bundle"})
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// lvlt.bundle: offset 42: entry 1: bytes were changed: the frame's checksum is 28e5d45f, theirs e2db27cc (bad-frame)
}
