package bookfile

import (
	"context"

	"tenderbook/allocation"
)

// Decided are the tenders that a decision is about, one by one, in the order of
// the book.
type Decided struct {
	Tenders []allocation.Tender
	Payees  []string // of each, where the offer pays by participant; nil: each tender is paid for itself
}

// Tenders does what [Count] does and gives every tender that was decided. It
// keeps them all in memory.
func Tenders(ctx context.Context, src *Source, o Options) (*Result, *Decided, error) {
	j, err := newJob(src, o)
	if err != nil {
		return nil, nil, err
	}
	j.oneByOne = true // every row is kept, not counted with others like it
	digest := startDigest(src)
	defer digest.stop()
	s, err := j.settle(ctx)
	if err != nil {
		return nil, nil, err
	}
	all := &Decided{}
	if j.payByHolder {
		all.Payees = []string{}
	}
	j.eachLoner(func(_ *block, x *loner, row int64) {
		if !x.live() {
			return
		}
		all.Tenders = append(all.Tenders, x.tender(row))
		if j.payByHolder {
			all.Payees = append(all.Payees, x.participant)
		}
	})
	r, err := j.result(s)
	if err != nil {
		return nil, nil, err
	}
	if r.Digest, err = digest.wait(); err != nil {
		return nil, nil, err
	}
	return r, all, src.unchanged()
}
