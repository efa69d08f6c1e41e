package proof

import (
	"math/big"
	"slices"
	"strconv"
)

// partsPerRow is how many leaves a row or payment is parted into.
const partsPerRow = 2

// leafPart is what a leaf is made of.
type leafPart[S Added[S]] struct {
	salt Hash
	sums S
	node Node[S]
}

// A planted tree knows where its leaves come from.
type planted[S Added[S]] struct {
	tree   *tree[S]
	parts  []leafPart[S]
	leaves []int // by part: its place in the tree
}

// plant puts parts in an order that says nothing, and grows the tree.
func plant[S Added[S]](parts []leafPart[S]) (*planted[S], error) {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(parts[a].node.Hash[:], parts[b].node.Hash[:]) })
	p := &planted[S]{parts: parts, leaves: make([]int, len(order))}
	nodes := make([]Node[S], len(order))
	for leaf, at := range order {
		p.leaves[at], nodes[leaf] = leaf, parts[at].node
	}
	var err error
	p.tree, err = grow(nodes)
	return p, err
}

// shown are the parts of a row or payment, by its index, with their paths.
func (p *planted[S]) shown(i int) (all []Part[S]) {
	for at := i * partsPerRow; at < (i+1)*partsPerRow; at++ {
		leaf := p.leaves[at]
		all = append(all, Part[S]{Leaf: int64(leaf), Salt: p.parts[at].salt, Sums: p.parts[at].sums, Path: p.tree.path(leaf)})
	}
	return all
}

// A named thing is what random numbers are derived for: a tender by its id, or a
// payment by its payee and series.
type named struct{ kind, id string }

// leavesOf makes the leaves of what is committed to.
func leavesOf[S Added[S]](p *Publication, of named, commitment Hash, sums [partsPerRow]S) (parts []leafPart[S]) {
	for i, s := range sums {
		salt := p.hmac(of.kind+"part "+strconv.Itoa(i), of.id)
		parts = append(parts, leafPart[S]{salt, s, leafNode(commitment, salt, s)})
	}
	return parts
}

// part parts totals at random; the tenders are counted in the first part.
func (p *Publication) part(t Totals, of named) (parts [partsPerRow]Totals) {
	first, second := &parts[0], &parts[1]
	first.Tenders = t.Tenders
	first.Tendered, second.Tendered = p.split(t.Tendered, "tendered", of)
	first.Accepted, second.Accepted = p.split(t.Accepted, "accepted", of)
	first.Consideration, second.Consideration = p.split(t.Consideration, "consideration", of)
	first.Interest, second.Interest = p.split(t.Interest, "interest", of)
	return parts
}

// split parts a number at random.
func (p *Publication) split(n int64, use string, of named) (int64, int64) {
	first := p.upTo(big.NewInt(n), use, of).Int64()
	return first, n - first
}

// splitRatio parts a ratio at random into two with its denominator.
func (p *Publication) splitRatio(x *big.Rat, use string, of named) (first, second Ratio) {
	part := new(big.Rat).SetFrac(p.upTo(x.Num(), use, of), x.Denom())
	return NewRatio(part), NewRatio(new(big.Rat).Sub(x, part))
}

// upTo derives a number from 0 to n, which is far below 2^256, so that none is
// likelier than another.
func (p *Publication) upTo(n *big.Int, use string, of named) *big.Int {
	random := p.hmac(of.kind+"split "+use, of.id)
	x := new(big.Int).SetBytes(random[:])
	return x.Mod(x, new(big.Int).Add(n, big.NewInt(1)))
}
