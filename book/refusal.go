package book

import "fmt"

// A Code names why an entry or a row was refused. Codes are kept in journals'
// answers and programs: one may retire, none gets another meaning. The zero code
// is no refusal.
type Code uint8

// The codes. docs/refusals.md says what each means, in order of precedence.
const (
	Taken Code = 0

	BrokenChain     Code = 1
	NotUnderstood   Code = 2
	Unreadable      Code = 3
	NotAllowed      Code = 4
	NoOffer         Code = 5
	BadTerms        Code = 6
	WrongState      Code = 7
	UnknownProposal Code = 8
	AlreadyDecided  Code = 9
	ProposalExpired Code = 10
	SelfApproval    Code = 11
	WrongDigest     Code = 12
	Stale           Code = 13
	NotWaivable     Code = 14
	TooEarly        Code = 15
	ConditionOpen   Code = 16
	NoResult        Code = 17
	WrongResult     Code = 18
	AlreadyDone     Code = 19
	BadGrant        Code = 20
	BadSignature    Code = 21
	ConditionFailed Code = 22
	LevelsFirst     Code = 23
	NotReleased     Code = 24
	WrongPayments   Code = 25

	NotYourAccount     Code = 40
	DuplicateSame      Code = 41
	DuplicateOther     Code = 42
	NotOpen            Code = 43
	UnknownSeries      Code = 44
	SeriesClosed       Code = 45
	UnknownInstruction Code = 46
	WrongTarget        Code = 47
	WrongMove          Code = 48
	BelowMinimum       Code = 49
	WrongMultiple      Code = 50
	WrongBid           Code = 51
	WrongCondition     Code = 52
	Late               Code = 53
	WithdrawalLate     Code = 54
	DeliveryLate       Code = 55
	NothingLeft        Code = 56
	MoreThanLeft       Code = 57
	LeavesTooLittle    Code = 58
	OverTendered       Code = 59
	TooLarge           Code = 60
	OtherRows          Code = 61
	NoConsents         Code = 62
	OnlyConsents       Code = 63
)

// A CodeText says what a code means.
type CodeText struct {
	Code  Code
	Name  string // stable name, for programs and people
	Means string
	Next  string // what the sender can do
}

// Codes lists the codes in order of precedence: where two apply, the first is
// given.
func Codes() []CodeText { return append([]CodeText(nil), codes...) }

var codes = []CodeText{
	{BrokenChain, "broken-chain", "the entry is not the next one of this journal: another offer, a gap, an earlier time, or another hash before it", "stop: the journal is damaged or read wrongly"},
	{NotUnderstood, "not-understood", "the entry is of a kind or version that this program does not know", "upgrade the program"},
	{Unreadable, "unreadable", "the body is not the encoding of a command", "send the command through a face of the program"},
	{NotAllowed, "not-allowed", "the actor has no role on this offer that may do or see this", "ask an administrator of the offer for a role"},
	{NoOffer, "no-offer", "no terms are drafted yet", "draft the offer first"},
	{BadTerms, "bad-terms", "the offer file or amendment cannot be read, is of another offer, or changes what this kind of proposal may not", "mend the file; the reason names line and key"},
	{WrongState, "wrong-state", "the life of the offer does not list this move from where it is", "see docs/lifecycle.md"},
	{UnknownProposal, "unknown-proposal", "no proposal has this number", "name the sequence number of the proposal's entry"},
	{AlreadyDecided, "already-decided", "the proposal was approved or rejected before", "nothing: the first decision stands"},
	{ProposalExpired, "proposal-expired", "the proposal was decided after its expiry", "propose again"},
	{SelfApproval, "self-approval", "the maker of a proposal cannot approve it, nor can another key of the same person", "let a second person approve"},
	{WrongDigest, "wrong-digest", "the decision names other bytes than the proposal holds", "look at the proposal again"},
	{Stale, "stale", "the offer has changed since the proposal was made", "propose again on what is in force now"},
	{NotWaivable, "not-waivable", "there is no such condition, defect or lateness, or the terms do not let it be waived", "amend the terms"},
	{LevelsFirst, "levels-first", "nothing is accepted before expiration while the terms let level beat time", "accept the final run once the offer has expired, or amend acceptance.order"},
	{TooEarly, "too-early", "a deadline has not passed yet", "wait for it"},
	{ConditionOpen, "condition-open", "a condition of the offer is neither satisfied nor waived", "satisfy it by an amendment, or waive it"},
	{ConditionFailed, "condition-failed", "a condition of the offer has failed and is not waived", "waive it if the terms let you, or let the offer lapse"},
	{NoResult, "no-result", "nothing was accepted yet, or the book cannot be decided", "accept first"},
	{WrongResult, "wrong-result", "the result named is not the one that follows from the book", "calculate again: a tender or the terms changed since"},
	{WrongPayments, "wrong-payments", "the payments named are not those that follow from the result", "release what tender pay build makes"},
	{AlreadyDone, "already-done", "this happened already and happens once", "nothing"},
	{NotReleased, "not-released", "the payments of the result are not released yet", "propose their release, tender pay release, and have it approved"},
	{BadGrant, "bad-grant", "the role is unknown, is granted to oneself, binds an account wrongly, or is the last administrator's to be taken", "see docs/lifecycle.md, roles"},
	{BadSignature, "bad-signature", "no key in use on record signed the checkpoint, it is not of this offer's entries so far, or the key is not on record", "see the keys on record: tender admin key list"},

	{NotYourAccount, "not-your-account", "the actor may not instruct for this participant, nor see what it tendered or holds", "send it as the participant, or have the account granted"},
	{DuplicateSame, "duplicate-same", "an instruction with this id and the same content is on record, by whatever channel it came", "nothing: the first one counts"},
	{DuplicateOther, "duplicate-other", "an instruction with this id and other content is on record", "use an id of its own"},
	{NotOpen, "not-open", "the offer takes no instructions: not commenced, accepted, terminated or lapsed", "see the life of the offer"},
	{UnknownSeries, "unknown-series", "the series is not in the terms", "name a series by its id"},
	{SeriesClosed, "series-closed", "the series was terminated", "nothing: what was tendered is returned"},
	{NoConsents, "no-consents", "the series takes no consents without a tender", "tender, where a tender carries the consent"},
	{OnlyConsents, "only-consents", "the offer asks for consents and takes no notes", "send a consent"},
	{UnknownInstruction, "unknown-instruction", "the instruction referred to is not on record", "name an instruction that was taken"},
	{WrongTarget, "wrong-target", "the instruction referred to is of another series or of a kind that this cannot act on", "name a tender of that series"},
	{WrongMove, "wrong-move", "the life of the instruction does not list this move from where it is", "see docs/lifecycle.md"},
	{BelowMinimum, "below-minimum", "the principal is below the minimum denomination", "tender at least the minimum"},
	{WrongMultiple, "wrong-multiple", "the principal is not the minimum plus a multiple of the authorized multiple", "tender a whole multiple"},
	{WrongBid, "wrong-bid", "the bid is off the grid or range, or the terms take none", "bid on the grid, or not at all"},
	{WrongCondition, "wrong-condition", "the least that must be accepted exceeds the principal or is no amount that can be accepted", "name a multiple up to the principal"},
	{Late, "late", "received after expiration; the tender is kept as late and does not count unless the deadline is extended or the lateness waived", "ask the offeror for a waiver"},
	{WithdrawalLate, "withdrawal-late", "received after the withdrawal deadline", "nothing, unless an amendment opens withdrawal again"},
	{DeliveryLate, "delivery-late", "received after the guaranteed delivery deadline", "nothing, unless an amendment moves it"},
	{NothingLeft, "nothing-left", "nothing of the instruction referred to is left", "nothing"},
	{MoreThanLeft, "more-than-left", "the amount is more than is left of the instruction referred to", "name at most what is left"},
	{LeavesTooLittle, "leaves-too-little", "what would be left of the tender cannot be tendered, or was delivered already", "withdraw all of it, or a part that leaves a whole denomination"},
	{OverTendered, "over-tendered", "with what the participant has tendered of the series this is more than the position on record", "tender at most the position"},
	{TooLarge, "too-large", "the principal of the series would not fit 64 bits", "check the amount"},
	{OtherRows, "other-rows", "the batch is all or nothing, and other rows of it are refused", "mend those rows and send the batch again"},
}

var codeNames = func() (names [256]string) {
	names[Taken] = "taken"
	for _, c := range codes {
		names[c.Code] = c.Name
	}
	return names
}()

// String is the stable name of the code.
func (c Code) String() string {
	if name := codeNames[c]; name != "" {
		return name
	}
	return fmt.Sprintf("code %d", uint8(c))
}

// Next is what the sender of a command that was refused with a code can do, such
// as "let a second person approve"; "" for a code that is none.
func (c Code) Next() string {
	for _, x := range codes {
		if x.Code == c {
			return x.Next
		}
	}
	return ""
}

// A Refusal says why an entry or a row was not taken. It is an answer rather
// than a failure: it is shown to the sender.
type Refusal struct {
	Code Code
	Rule string // what decided: a key of the offer file, "journal", "roles", "life" or "proposals"
	Why  string // what was found and what was needed, in one clause
}

// Error gives "late: received 2004-11-30 00:00:00.5 America/New_York, needs by
// 2004-11-29 24:00".
func (r *Refusal) Error() string { return r.Code.String() + ": " + r.Why }

func refuse(code Code, rule, format string, args ...any) *Refusal {
	return &Refusal{code, rule, fmt.Sprintf(format, args...)}
}
