package proof

import (
	"crypto/sha256"
	"errors"
)

// Added is what the nodes of a tree add up: [Sums] or [PaymentSums].
type Added[S any] interface {
	plus(S) (S, error)
	appendBinary([]byte) []byte
}

// A Node of a tree: its hash and what is below it.
type Node[S Added[S]] struct {
	Hash Hash `json:"hash"`
	Sums S    `json:"sums"`
}

// A Part is one leaf of a tree with its path to the root, from the leaf up.
type Part[S Added[S]] struct {
	Leaf int64     `json:"leaf"` // its place, from 0
	Salt Hash      `json:"salt"`
	Sums S         `json:"sums"` // of the leaf
	Path []Node[S] `json:"path"`
}

// A tree is a Merkle tree with sums, all levels of it, the leaves first. A node
// without a neighbour goes up as it is.
type tree[S Added[S]] struct {
	levels [][]Node[S]
}

var errTooLarge = errors.New("a sum does not fit 63 bits")

// leafNode is a leaf: a part of the row that is committed to.
func leafNode[S Added[S]](commitment, salt Hash, sums S) Node[S] {
	b := append([]byte{0}, commitment[:]...)
	b = append(b, salt[:]...)
	return Node[S]{Hash: sha256.Sum256(sums.appendBinary(b)), Sums: sums}
}

// join is the node above two.
func join[S Added[S]](left, right Node[S]) (Node[S], error) {
	b := append([]byte{1}, left.Hash[:]...)
	b = left.Sums.appendBinary(b)
	b = append(b, right.Hash[:]...)
	b = right.Sums.appendBinary(b)
	sums, err := left.Sums.plus(right.Sums)
	return Node[S]{Hash: sha256.Sum256(b), Sums: sums}, err
}

// grow makes the tree over leaves, at least one.
func grow[S Added[S]](leaves []Node[S]) (*tree[S], error) {
	t := &tree[S]{levels: [][]Node[S]{leaves}}
	for level := leaves; len(level) > 1; level = t.levels[len(t.levels)-1] {
		above := make([]Node[S], 0, (len(level)+1)/2)
		for i := 0; i < len(level); i += 2 {
			if i+1 == len(level) {
				above = append(above, level[i])
				break
			}
			node, err := join(level[i], level[i+1])
			if err != nil {
				return nil, err
			}
			above = append(above, node)
		}
		t.levels = append(t.levels, above)
	}
	return t, nil
}

func (t *tree[S]) top() Node[S] { return t.levels[len(t.levels)-1][0] }

// path lists the neighbours from a leaf up.
func (t *tree[S]) path(leaf int) []Node[S] {
	path := []Node[S]{}
	for _, level := range t.levels[:len(t.levels)-1] {
		if near := leaf ^ 1; near < len(level) {
			path = append(path, level[near])
		}
		leaf /= 2
	}
	return path
}

// climb follows a path from a leaf of a tree with so many leaves to its top.
func climb[S Added[S]](node Node[S], leaf, leaves int64, path []Node[S]) (Node[S], error) {
	if leaf < 0 || leaf >= leaves {
		return Node[S]{}, errors.New("no leaf of the tree")
	}
	for ; leaves > 1; leaf, leaves = leaf/2, (leaves+1)/2 {
		if leaf^1 >= leaves {
			continue
		}
		if len(path) == 0 {
			return Node[S]{}, errors.New("path breaks off below the root")
		}
		left, right := node, path[0]
		if leaf&1 == 1 {
			left, right = right, left
		}
		var err error
		if node, err = join(left, right); err != nil {
			return Node[S]{}, err
		}
		path = path[1:]
	}
	if len(path) > 0 {
		return Node[S]{}, errors.New("path goes on above the root")
	}
	return node, nil
}
