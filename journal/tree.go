package journal

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// A Tree is the Merkle tree of RFC 6962 over the entries of an offer. It keeps
// the hashes that proofs for any entry and any earlier size need: two of 32
// bytes for each entry. The zero Tree is empty and ready to use.
//
// A tree says nothing about whether its leaves are right; a [Verifier] does.
type Tree struct {
	size   int64
	stored []tlog.Hash // in the order of tlog.StoredHashIndex
}

// Add puts in the next entry's hash, that of [Entry.Hash].
func (t *Tree) Add(leaf [32]byte) {
	hash := tlog.Hash(leaf)
	t.stored = append(t.stored, hash)
	for level := range bits.TrailingZeros64(uint64(t.size + 1)) { // the subtrees that the leaf completes
		left := t.stored[tlog.StoredHashIndex(level, t.size>>level-1)]
		hash = tlog.NodeHash(left, hash)
		t.stored = append(t.stored, hash)
	}
	t.size++
}

// Size is the number of entries.
func (t *Tree) Size() uint64 { return uint64(t.size) }

// Root is the root over the first size entries.
func (t *Tree) Root(size uint64) ([32]byte, error) {
	if size > t.Size() {
		return [32]byte{}, fmt.Errorf("root of %d entries, the tree has %d", size, t.size)
	}
	return tlog.TreeHash(int64(size), t)
}

// inclusion proves that the entry seq is among the first size entries.
func (t *Tree) inclusion(seq, size uint64) ([]tlog.Hash, error) {
	if seq == 0 || seq > size || size > t.Size() {
		return nil, fmt.Errorf("proof of entry %d among %d, the tree has %d", seq, size, t.size)
	}
	return tlog.ProveRecord(int64(size), int64(seq-1), t)
}

// consistency proves that the first size entries begin with the first old ones.
func (t *Tree) consistency(old, size uint64) ([]tlog.Hash, error) {
	if old == 0 || old > size || size > t.Size() {
		return nil, fmt.Errorf("proof from %d entries to %d, the tree has %d", old, size, t.size)
	}
	return tlog.ProveTree(int64(size), int64(old), t)
}

// ReadHashes implements [tlog.HashReader].
func (t *Tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(t.stored)) {
			return nil, fmt.Errorf("hash %d, the tree stores %d", at, len(t.stored))
		}
		hashes[i] = t.stored[at]
	}
	return hashes, nil
}

// peaks are the roots of the full subtrees of a growing tree, the largest first:
// all that its root needs, 32 bytes for each binary digit of its size.
type peaks struct {
	size   uint64
	hashes []tlog.Hash
}

func (p *peaks) add(leaf [32]byte) {
	p.hashes = append(p.hashes, leaf)
	for range bits.TrailingZeros64(p.size + 1) {
		n := len(p.hashes)
		p.hashes[n-2] = tlog.NodeHash(p.hashes[n-2], p.hashes[n-1])
		p.hashes = p.hashes[:n-1]
	}
	p.size++
}

func (p *peaks) root() [32]byte {
	n := len(p.hashes)
	if n == 0 {
		empty, _ := tlog.TreeHash(0, nil) // it reads nothing
		return empty
	}
	hash := p.hashes[n-1]
	for i := n - 2; i >= 0; i-- {
		hash = tlog.NodeHash(p.hashes[i], hash)
	}
	return hash
}
