package bookfile

import (
	"bytes"
	"context"
	"testing"
)

func allocate(t testing.TB, book string, o Options) (string, *Result, error) {
	t.Helper()
	var out bytes.Buffer
	r, err := Allocate(context.Background(), Bytes("book.csv", []byte(book)), o, &out)
	return out.String(), r, err
}
