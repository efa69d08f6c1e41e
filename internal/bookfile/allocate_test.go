package bookfile

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

func allocate(t testing.TB, book string, o Options) (string, *Result, error) {
	t.Helper()
	var out bytes.Buffer
	r, err := Allocate(context.Background(), Bytes("book.csv", []byte(book)), o, &out)
	return out.String(), r, err
}

func TestX(t *testing.T) {
	out, r, err := allocate(t, `instruction,received_at,series,principal,action,participant,account,refers_to,note
I-1,2004-11-01T10:00:00-05:00,9.125,249457000,,DTC-1,A,,first
I-2,2004-11-01T10:00:00-05:00,11,62118000,,DTC-2,A,,=x
I-3,2004-11-01T10:00:00-05:00,10.5,"335,600,000",,DTC-1,"A ""b"", c",,"two
lines"
I-4,2004-11-13T10:00:00-05:00,10.75,120000000,,DTC-1,A,,
I-5,2004-11-30T10:00:00-05:00,10.75,120000000,,DTC-1,A,,
I-6,2004-11-10 10:00,10.5,5000000,withdraw,DTC-1,A,I-3,
`, level3Options(t))
	fmt.Println(out, err)
	fmt.Printf("%+v\n", r)
}
