package cli

import "tenderbook/book"

// Exit codes of answers on a workspace; like the others they are a contract.
const (
	exitNotAllowed = 4 // the one who asks may not
	exitTooLate    = 5 // too late, the wrong state, or a stale plan
	exitUnknown    = 7 // on record or not: the same key finds out
)

// answered is an answer other than yes, with its exit code.
type answered struct {
	code int
	error
}

func (a answered) Unwrap() error { return a.error }

// codeOf gives the exit code of an outcome that was refused. A batch of which
// all refused rows have one exit code has that of its rows.
func codeOf(o *book.Outcome) int {
	if len(o.Rows) == 0 {
		return codeOfRefusal(o.Code())
	}
	first := codeOfRefusal(o.Rows[0].Code)
	for _, r := range o.Rows {
		if codeOfRefusal(r.Code) != first {
			return exitRefused
		}
	}
	return first
}

func codeOfRefusal(c book.Code) int {
	switch c {
	case book.NotAllowed, book.SelfApproval, book.NotYourAccount:
		return exitNotAllowed
	case book.WrongState, book.AlreadyDecided, book.ProposalExpired, book.WrongDigest, book.Stale, book.TooEarly, book.ConditionOpen, book.ConditionFailed,
		book.NoResult, book.WrongResult, book.AlreadyDone, book.LevelsFirst, book.NotReleased, book.WrongPayments, book.NotOpen, book.SeriesClosed, book.WrongMove,
		book.Late, book.WithdrawalLate, book.DeliveryLate:
		return exitTooLate
	case book.BrokenChain:
		return exitDamaged
	}
	return exitRefused
}
