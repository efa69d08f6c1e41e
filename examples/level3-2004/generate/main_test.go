package main

import (
	"bytes"
	"os"
	"testing"
)

func TestBookIsWhatTheGeneratorWrites(t *testing.T) {
	want, err := os.ReadFile("../book.csv")
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("../book.csv differs from what the generator writes; run make example")
	}
}
