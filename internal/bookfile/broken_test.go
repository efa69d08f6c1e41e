package bookfile

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenderbook/allocation"
	"tenderbook/offer"
)

var update = flag.Bool("update", false, "write the expected files again; read the difference before it is committed")

const brokenBooks = "../../testdata/broken/books"

// brokenOptions is the offer that a broken book is for: the first word of its
// name says whether it is an auction or prorates by participant.
func brokenOptions(t *testing.T, name string) Options {
	o := level3Options(t)
	switch {
	case strings.HasPrefix(name, "auction-"):
		o.Terms.Acceptance.Order, o.Alloc.Order = "auction", allocation.Auction
		for i := range o.Terms.Series {
			o.Terms.Series[i].Pricing = &offer.Pricing{
				Kind: "auction-price", Base: decimal("0"), Minimum: decimal("850.00"), Maximum: decimal("950.00"), Increment: decimal("2.50"),
			}
		}
	case strings.HasPrefix(name, "participant-prorated-"):
		o.Terms.Acceptance.ProrateBy, o.Alloc.ProrateBy = "participant", allocation.ByParticipant
	}
	return o
}

// Each book has one defect, named by the file, and beside it the problems that
// are told.
func TestBrokenBooks(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(brokenBooks, "*.csv"))
	if err != nil || len(files) < 35 {
		t.Fatalf("%d broken books, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		t.Run(name, func(t *testing.T) {
			src, err := Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer src.Close()
			src.Name = name + ".csv"
			var out bytes.Buffer
			_, err = Allocate(context.Background(), src, brokenOptions(t, name), &out)
			if err == nil {
				t.Fatalf("was not refused, and gave\n%s", out.String())
			}
			if out.Len() > 0 {
				t.Errorf("was refused, and still wrote %q", out.String())
			}
			if refused, ok := err.(*Refused); !ok || refused.Total == 0 {
				t.Errorf("failed with %v, which is no refusal", err)
			}
			compareGolden(t, strings.TrimSuffix(file, ".csv")+".want", err.Error()+"\n")
		})
	}
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run with -update and read what it writes", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// A refused row goes to a file that is a book again, with what is wrong beside
// it; the rest is allocated as if the row were not there.
func TestSkipBadWritesRowsToMend(t *testing.T) {
	const book = `instruction,received_at,series,principal,note
I-1,2004-11-03T10:00:00-05:00,11,250500,"a ""note"""
I-2,2004-11-03T10:00:00-05:00,11,250000,=x
I-3,2004-11-03T10:00:00-05:00,12,1000,=x
I-4,2004-11-03T10:00:00-05:00
`
	o := level3Options(t)
	var refused bytes.Buffer
	o.SkipBad, o.Refused = true, &refused
	out, r, err := allocate(t, book, o)
	if err != nil {
		t.Fatal(err)
	}
	want := `instruction,received_at,series,principal,note,problem
I-1,2004-11-03T10:00:00-05:00,11,250500,"a ""note""","principal ""250500"" is not a multiple of 1,000 (series 11)"
I-3,2004-11-03T10:00:00-05:00,12,1000,'=x,"series ""12"" is not a series of the offer: did you mean ""11""?"
"I-4,2004-11-03T10:00:00-05:00",,,,,"row has 2 fields, the header has 5"
`
	if diff := cmp.Diff(want, refused.String()); diff != "" {
		t.Errorf("refused rows (-want +got):\n%s", diff)
	}
	if lines := strings.Count(out, "\n"); lines != 2 || r.Rows != 4 || len(r.Refused) != 3 {
		t.Errorf("%d lines, %d rows, %d refused; want 2, 4, 3", lines, r.Rows, len(r.Refused))
	}
	mended := strings.NewReplacer("250500", "250000", ",12,1000", ",11,1000", `"I-4,2004-11-03T10:00:00-05:00",,,,`, "I-4,2004-11-03T10:00:00-05:00,11,1000,").Replace(refused.String())
	out, _, err = allocate(t, mended, level3Options(t))
	if err != nil {
		t.Fatalf("the mended rows are refused: %v", err)
	}
	if !strings.Contains(out, `accepted in full,'=x`) || strings.Contains(out, "problem") {
		t.Errorf("mended rows came out as\n%s", out)
	}
}

// Only the first problems are listed, in the order of the rows, however the
// book is cut up.
func TestFirstProblemsAreListed(t *testing.T) {
	book := []byte("instruction,received_at,series,principal\n")
	for i := range 200 {
		book = fmt.Appendf(book, "I-%d,2004-11-03T10:00:00-05:00,11,%d\n", i, 1000+i%2)
	}
	for _, size := range []int64{100, 1000, blockSize} {
		o := level3Options(t)
		o.blockSize = size
		_, _, err := allocate(t, string(book), o)
		refused, ok := err.(*Refused)
		if !ok {
			t.Fatal(err)
		}
		last := refused.Problems[len(refused.Problems)-1]
		if len(refused.Problems) != 50 || refused.Total != 100 || refused.Rows != 100 || last.Line != 101 {
			t.Errorf("blocks of %d: %d listed of %d in %d rows, the last in line %d; want 50 of 100 in 100 rows, line 101",
				size, len(refused.Problems), refused.Total, refused.Rows, last.Line)
		}
		if !strings.HasSuffix(err.Error(), "\nand 50 more") {
			t.Errorf("message ends %q", err.Error()[len(err.Error())-20:])
		}
	}
}
