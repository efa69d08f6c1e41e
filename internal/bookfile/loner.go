package bookfile

import (
	"tenderbook/allocation"
)

// A loner is a row that is kept, because it is not alike any other or because
// other rows refer to it.
type loner struct {
	facts
	row        int   // in its block
	line       int64 // in its block
	at, length int64 // its bytes in the book

	id, participant, unit, refersTo string

	timing   allocation.Timing
	standing standing // of a tender
	void     string   // why a withdrawal or delivery does not count; "" if it does
	refused  bool

	left        int64 // principal that is tendered after withdrawals
	undelivered int64 // of a guarantee: principal not delivered yet
	delivered   int64

	consideration, interest int64 // what it is paid, minor units
}

func (x *loner) isTender() bool { return x.action == tenders || x.action == guarantees }

// isEvent reports whether the row is about another one.
func (x *loner) isEvent() bool { return x.action == withdraws || x.action == delivers }

// live reports whether the allocation is to decide on it.
func (x *loner) live() bool {
	return x.isTender() && !x.refused && x.standing == counts && x.left > 0
}

// tender is the loner as the allocation takes it; row is its number in the book.
func (x *loner) tender(row int64) allocation.Tender {
	return allocation.Tender{
		Row: int(row), Series: x.series, Timing: x.timing, Principal: x.left, AtLeast: x.atLeast,
		HasBid: x.hasBid, Bid: x.bid, Unit: x.unit, ReceivedAt: x.received, ID: x.id,
		Undelivered: min(x.undelivered, x.left),
	}
}

// paid is the accepted principal that has been delivered.
func (x *loner) paid(accepted int64) int64 {
	return max(0, min(accepted, x.left-min(x.undelivered, x.left)))
}

// eachLoner calls f for all loners in the order of the book, with their row.
func (j *job) eachLoner(f func(b *block, x *loner, row int64)) {
	for _, b := range j.blocks {
		for i := range b.loners {
			f(b, &b.loners[i], b.firstRow+int64(b.loners[i].row))
		}
	}
}
