package bookfile

import (
	"context"

	"tenderbook/allocation"
)

// Tenders does what [Count] does and gives every tender that was decided, one by
// one, in the order of the book. It keeps them all in memory.
func Tenders(ctx context.Context, src *Source, o Options) (*Result, []allocation.Tender, error) {
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
	var tenders []allocation.Tender
	j.eachLoner(func(_ *block, x *loner, row int64) {
		if x.live() {
			tenders = append(tenders, x.tender(row))
		}
	})
	r, err := j.result(s)
	if err != nil {
		return nil, nil, err
	}
	if r.Digest, err = digest.wait(); err != nil {
		return nil, nil, err
	}
	return r, tenders, src.unchanged()
}
