package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
)

// make damage sets it.
var allDamage = flag.Bool("all-damage", false, "every bit and every byte of reliability goal H3, rather than a sample")

// A hurtBundle is a bundle of 64 KiB with what is known of where its parts are.
type hurtBundle struct {
	file   []byte
	starts []int // of frames
	known  []Checkpoint
}

func aHurtBundle(t testing.TB, offer string) *hurtBundle {
	t.Helper()
	signer, _ := keys(t, "agent.example", 1)
	journal := aJournal(offer, 144, 240)
	h := &hurtBundle{file: aBundle(t, offer, journal, signer)}
	c, err := verified(t, offer, journal).Checkpoint()
	check(t, err)
	h.known = []Checkpoint{c}
	at := bytes.IndexByte(h.file, '\n') + 1
	for at < len(h.file) {
		h.starts = append(h.starts, at)
		at += frameHead + int(binary.BigEndian.Uint32(h.file[at+5:])) + frameTail
	}
	if len(h.file) < 64<<10 || at != len(h.file) {
		t.Fatalf("bundle of %d bytes, needs 65,536", len(h.file))
	}
	return h
}

// frameAt is the frame that a byte belongs to; -1 is the title.
func (h *hurtBundle) frameAt(offset int) int {
	frame := -1
	for i, start := range h.starts {
		if start <= offset {
			frame = i
		}
	}
	return frame
}

func (h *hurtBundle) frame(i int) []byte {
	end := len(h.file)
	if i+1 < len(h.starts) {
		end = h.starts[i+1]
	}
	return h.file[h.starts[i]:end]
}

// seq is the sequence of the entry in a frame, or of the last one before it.
func (h *hurtBundle) seq(frame int) uint64 {
	var n uint64
	for i := 0; i <= frame; i++ {
		if frameType(h.file[h.starts[i]]) == frameEntry {
			n++
		}
	}
	return n
}

// found verifies and returns the damage; everything else fails the test.
func found(t *testing.T, what string, file []byte, known ...Checkpoint) *Damage {
	t.Helper()
	_, err := VerifyBundle(bytes.NewReader(file), BundleOptions{File: "lvlt.bundle", Known: known})
	var d *Damage
	if !errors.As(err, &d) {
		t.Fatalf("%s: got %v, needs damage", what, err)
	}
	if d.File != "lvlt.bundle" || d.Offset < 0 || d.Offset > int64(len(file)) || d.Why == "" || d.Code == "" {
		t.Fatalf("%s: %v does not say where and what", what, d)
	}
	return d
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	h := aHurtBundle(t, "LVLT-2004")
	step := 257
	if *allDamage {
		step = 1
	}
	flips := 0
	for bit := 0; bit < len(h.file)*8; bit += step {
		at := bit / 8
		h.file[at] ^= 1 << (bit % 8)
		what := fmt.Sprintf("bit %d of byte %d", bit%8, at)
		d := found(t, what, h.file)
		h.file[at] ^= 1 << (bit % 8)
		flips++
		frame := h.frameAt(at)
		start, seq := int64(0), uint64(0)
		if frame >= 0 {
			start, seq = int64(h.starts[frame]), h.seq(frame)
		}
		typeFlipped := frame >= 0 && at == h.starts[frame] // then it may look like an entry, or not like one
		if d.Offset != start || d.Seq != seq && !typeFlipped {
			t.Fatalf("%s, in the frame at %d of entry %d: reported as %v", what, start, seq, d)
		}
	}
	t.Logf("%d bits flipped in a bundle of %d bytes, %d found at their frame and entry", flips, len(h.file), flips)
}

func TestEveryCutIsFound(t *testing.T) {
	h := aHurtBundle(t, "LVLT-2004")
	step := 67
	if *allDamage {
		step = 1
	}
	cuts := 0
	for size := 0; size < len(h.file); size += step {
		what := fmt.Sprintf("cut at byte %d", size)
		d := found(t, what, h.file[:size])
		cuts++
		frame := h.frameAt(size)
		if frame >= 0 && d.Offset != int64(h.starts[frame]) || frame < 0 && d.Offset != 0 && d.Offset != int64(size) {
			t.Fatalf("%s: reported as %v", what, d)
		}
	}
	t.Logf("%d cuts of a bundle of %d bytes, %d found", cuts, len(h.file), cuts)
}

// Whole frames are taken out, exchanged, repeated or taken from another offer.
// Once as a broken copy leaves them, and once wrapped anew with right numbers,
// checksums and end, as one would who wants it to pass.
func TestEveryDropSwapRepeatAndSpliceIsFound(t *testing.T) {
	h, other := aHurtBundle(t, "LVLT-2004"), aHurtBundle(t, "LVLT-2005")
	times := 1000
	if *allDamage {
		times = 10000
	}
	dice := rand.New(rand.NewPCG(2004, 10))
	counts := map[string]int{}
	for range times {
		frames := make([][]byte, len(h.starts))
		for i := range frames {
			frames[i] = h.frame(i)
		}
		entries := int(h.seq(len(frames) - 1))
		entry := func() int { return h.frameOf(1 + dice.IntN(entries)) }
		i := entry()
		what := []string{"drop", "swap", "repeat", "splice"}[dice.IntN(4)]
		first := i
		switch what {
		case "drop":
			frames = append(frames[:i:i], frames[i+1:]...)
		case "swap":
			j := entry()
			for j == i {
				j = entry()
			}
			frames[i], frames[j] = frames[j], frames[i]
			first = min(i, j)
		case "repeat":
			to := dice.IntN(len(frames)-2) + 1
			for to == i { // would be the same file
				to = dice.IntN(len(frames)-2) + 1
			}
			frames = append(frames[:to:to], append([][]byte{frames[i]}, frames[to:]...)...)
			first = to
		case "splice":
			frames[i] = other.frame(i)
		}
		counts[what]++
		forged := dice.IntN(2) == 1
		file := h.join(frames, forged)
		d := found(t, what, file, h.known...)
		if !forged && what != "drop" && d.Offset != offsetOf(frames, h.starts[0], first) {
			t.Fatalf("%s at frame %d: reported as %v", what, first, d)
		}
		if seq := h.seq(first); d.Seq > seq+1 && first < h.frameOf(entries) && what != "repeat" {
			t.Fatalf("%s of entry %d: reported as %v", what, seq, d)
		}
	}
	t.Logf("%d drops, %d swaps, %d repeats and %d splices between offers: all found, half of them wrapped anew",
		counts["drop"], counts["swap"], counts["repeat"], counts["splice"])
}

// frameOf is the frame of an entry.
func (h *hurtBundle) frameOf(seq int) int {
	for i := range h.starts {
		if frameType(h.file[h.starts[i]]) == frameEntry {
			if seq--; seq == 0 {
				return i
			}
		}
	}
	return -1
}

func offsetOf(frames [][]byte, first, i int) int64 {
	at := first
	for _, f := range frames[:i] {
		at += len(f)
	}
	return int64(at)
}

// join puts frames together again; a forger writes numbers, checksums and the
// end as they should be for what stands there.
func (h *hurtBundle) join(frames [][]byte, forged bool) []byte {
	file := bytes.Clone(h.file[:h.starts[0]])
	if !forged {
		return append(file, bytes.Join(frames, nil)...)
	}
	var tree peaks
	for i, f := range frames {
		typ, payload := frameType(f[0]), f[frameHead:len(f)-frameTail]
		switch typ {
		case frameEntry:
			tree.add(LeafHash(payload))
		case frameEnd:
			root, digest := tree.root(), sha(file)
			payload = append(append(binary.BigEndian.AppendUint64(nil, tree.size), root[:]...), digest[:]...)
		}
		file = appendFrame(file, typ, uint32(i), payload)
	}
	return file
}

func sha(b []byte) [32]byte { return sha256.Sum256(b) }
