package cli

import (
	"bytes"
	"fmt"

	"tenderbook/journal"
)

// checkpoints compares the root of each checkpoint with that of its entries, and
// gives the one that covers most.
func (v *verifying) checkpoints(x *found, r *replay, signed [][]byte) (last []byte, err error) {
	var public []string
	for _, k := range r.state.Keys() {
		public = append(public, k.Public)
	}
	onRecord, err := journal.NewKeys(public...)
	if err != nil {
		return nil, err
	}
	for _, c := range r.state.Checkpoints() {
		if !has(signed, c.Signed) {
			signed = append(signed, c.Signed)
		}
	}
	var most uint64
	trusted := 0
	for _, one := range signed {
		c, err := journal.OpenCheckpoint(one, onRecord)
		if err != nil && v.keys == nil || c.Size == 0 {
			c, err = journal.OpenCheckpoint(one, v.keys)
		}
		if err != nil {
			return nil, damaged{fmt.Errorf("%s: checkpoint: %w", r.source, err)}
		}
		if err := r.meet(c); err != nil {
			return nil, damaged{err}
		}
		if _, err := journal.OpenCheckpoint(one, v.keys); v.keys != nil && err == nil {
			trusted++
		}
		if c.Size >= most {
			most, last = c.Size, one
		}
	}
	line := fmt.Sprintf("%s ok", plural(len(signed), "checkpoint", "checkpoints"))
	if v.keys != nil && len(signed) > 0 {
		if trusted == 0 {
			return nil, damaged{fmt.Errorf("%s: none of its %s is signed by the key given", r.source, plural(len(signed), "checkpoint", "checkpoints"))}
		}
		line += fmt.Sprintf(", %d signed by the key given", trusted)
	}
	x.Checked = append(x.Checked, line)
	if n := len(v.known); n > 0 {
		x.Checked = append(x.Checked, fmt.Sprintf("holds all of %s given", plural(n, "checkpoint", "checkpoints")))
	}
	return last, nil
}

func has(list [][]byte, x []byte) bool {
	for _, y := range list {
		if bytes.Equal(x, y) {
			return true
		}
	}
	return false
}

// meet compares a checkpoint with the entries that it is of.
func (r *replay) meet(c journal.Checkpoint) error {
	damage := &journal.Damage{Place: journal.Place{File: r.source, Offset: int64(c.Size)}, Seq: c.Size, Code: journal.WrongRoot}
	root, err := r.tree.Root(c.Size)
	switch {
	case err != nil:
		damage.Seq, damage.Code, damage.Why = r.tree.Size()+1, journal.CutOff, fmt.Sprintf("missing: a checkpoint covers %d entries, %d are there", c.Size, r.tree.Size())
		return damage
	case root != c.Root || r.at[c.Size-1] != c.At.UnixNano():
		damage.Why = fmt.Sprintf("entries 1 to %d are not those of the signed checkpoint on record: its root is %x, theirs %x", c.Size, c.Root, root)
		return damage
	}
	return nil
}

// prove proves the receipts of all entries under a checkpoint, and says how many.
func (r *replay) prove(signed []byte) (int, error) {
	if signed == nil {
		return 0, nil
	}
	c, err := journal.OpenCheckpoint(signed, nil)
	if err != nil {
		return 0, err
	}
	for seq := uint64(1); seq <= c.Size; seq++ {
		if _, err := journal.Prove(&r.tree, r.receipt(seq), nil, signed); err != nil {
			return 0, damaged{fmt.Errorf("%s: %w", r.source, err)}
		}
	}
	return int(c.Size), nil
}
