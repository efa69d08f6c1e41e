package bookfile

import (
	"math"

	"tenderbook/offer"
)

// exchange splits what a tender is given into new notes and cash. A split that
// does not fit 64 bits comes out as cash beyond what totals hold, so that they
// refuse the book with [ErrTooLarge].
func (j *job) exchange(series int, accepted, consideration int64) offer.Exchanged {
	if !j.exchanges {
		return offer.Exchanged{Cash: consideration}
	}
	split, err := j.terms.Series[series].Exchange(accepted, consideration)
	if err != nil {
		return offer.Exchanged{Cash: math.MaxInt64}
	}
	return split
}
