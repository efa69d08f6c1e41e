package proof

import (
	"crypto/sha256"
	"errors"
)

// A tree is a Merkle tree with sums, all levels of it, the leaves first. A node
// without a neighbour goes up as it is.
type tree struct {
	levels [][]Node
}

var errTooLarge = errors.New("a sum does not fit 63 bits")

// leafNode is a leaf: a part of the row that is committed to.
func leafNode(commitment, salt Hash, sums Sums) Node {
	b := append([]byte{0}, commitment[:]...)
	b = append(b, salt[:]...)
	return Node{Hash: sha256.Sum256(sums.appendBinary(b)), Sums: sums}
}

// join is the node above two.
func join(left, right Node) (Node, error) {
	b := append([]byte{1}, left.Hash[:]...)
	b = left.Sums.appendBinary(b)
	b = append(b, right.Hash[:]...)
	b = right.Sums.appendBinary(b)
	sums, err := left.Sums.plus(right.Sums)
	return Node{Hash: sha256.Sum256(b), Sums: sums}, err
}

// plus adds sums up. None may be negative or pass 63 bits.
func (s Sums) plus(o Sums) (Sums, error) {
	if len(s) != len(o) {
		return nil, errors.New("sums of different numbers of series")
	}
	all := make(Sums, len(s))
	for i := range s {
		a, b := s[i], o[i]
		all[i] = Totals{a.Tenders + b.Tenders, a.Tendered + b.Tendered, a.Accepted + b.Accepted, a.Consideration + b.Consideration, a.Interest + b.Interest}
		for _, t := range [...]Totals{a, b, all[i]} {
			if t.Tenders < 0 || t.Tendered < 0 || t.Accepted < 0 || t.Consideration < 0 || t.Interest < 0 {
				return nil, errTooLarge
			}
		}
	}
	return all, nil
}

// grow makes the tree over leaves, at least one.
func grow(leaves []Node) (*tree, error) {
	t := &tree{levels: [][]Node{leaves}}
	for level := leaves; len(level) > 1; level = t.levels[len(t.levels)-1] {
		above := make([]Node, 0, (len(level)+1)/2)
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

func (t *tree) top() Node { return t.levels[len(t.levels)-1][0] }

// path lists the neighbours from a leaf up.
func (t *tree) path(leaf int) []Node {
	path := []Node{}
	for _, level := range t.levels[:len(t.levels)-1] {
		if near := leaf ^ 1; near < len(level) {
			path = append(path, level[near])
		}
		leaf /= 2
	}
	return path
}

// climb follows a path from a leaf of a tree with so many leaves to its top.
func climb(node Node, leaf, leaves int64, path []Node) (Node, error) {
	if leaf < 0 || leaf >= leaves {
		return Node{}, errors.New("no leaf of the tree")
	}
	for ; leaves > 1; leaf, leaves = leaf/2, (leaves+1)/2 {
		if leaf^1 >= leaves {
			continue
		}
		if len(path) == 0 {
			return Node{}, errors.New("path breaks off below the root")
		}
		left, right := node, path[0]
		if leaf&1 == 1 {
			left, right = right, left
		}
		var err error
		if node, err = join(left, right); err != nil {
			return Node{}, err
		}
		path = path[1:]
	}
	if len(path) > 0 {
		return Node{}, errors.New("path goes on above the root")
	}
	return node, nil
}
