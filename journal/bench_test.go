package journal

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// BenchmarkMillion makes a journal of 1,000,000 entries of about 200 bytes,
// hashes it, and verifies it from its bytes. The figure to hold: under 3 s.
func BenchmarkMillion(b *testing.B) {
	const n = 1_000_000
	body := make([]byte, 120)
	for b.Loop() {
		started := time.Now()
		buf := make([]byte, 0, n*224)
		ends := make([]int, 0, n)
		var tree Tree
		var last Receipt
		for i := range n {
			e := Next("LVLT-2004", last, opened, Draft{Kind: KindInstructions, Version: 1, Actor: "desk", Key: fmt.Sprint(i), Body: body})
			start := len(buf)
			buf = e.AppendBinary(buf)
			last = Receipt{Offer: e.Offer, Seq: e.Seq, At: e.At, Hash: LeafHash(buf[start:])}
			tree.Add(last.Hash)
			ends = append(ends, len(buf))
		}
		appended := time.Since(started)
		v, err := NewVerifier("LVLT-2004")
		check(b, err)
		start := 0
		for i, end := range ends {
			if _, err := v.Add(buf[start:end], Place{"j", int64(i)}); err != nil {
				b.Fatal(err)
			}
			start = end
		}
		if root, _ := tree.Root(n); root != v.Root() {
			b.Fatal("the roots differ")
		}
		b.ReportMetric(appended.Seconds(), "s/append")
		b.ReportMetric((time.Since(started) - appended).Seconds(), "s/verify")
	}
}

func BenchmarkVerifyBundle(b *testing.B) {
	signer, _ := keys(b, "agent.example", 1)
	file := aBundle(b, "A", aJournal("A", 10_000, 120), signer)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := VerifyBundle(bytes.NewReader(file), BundleOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
