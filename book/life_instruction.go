package book

// Life is where an instruction stands. Codes never change their meaning.
type Life uint8

// The states of an instruction. A withdrawal and a delivery stay received: they
// act on the tender that they name. A consent goes from received to consented or
// without effect.
const (
	Received        Life = 1  // on record, in time, valid
	Defective       Life = 2  // a defect was found: it does not count until cured or waived
	Cured           Life = 3  // the defect was mended
	Waived          Life = 4  // the defect or lateness was waived by the offeror
	Blocked         Life = 5  // the depository has blocked the notes
	Withdrawn       Life = 6  // taken back whole, or replaced by a changed tender
	LateReceived    Life = 7  // came after expiration: kept, does not count
	Guaranteed      Life = 8  // a notice of guaranteed delivery, notes still to come
	Delivered       Life = 9  // the guaranteed notes came, all of them
	FailedToDeliver Life = 10 // they did not come in time: it counts as tendered and is not paid
	InFull          Life = 11 // accepted, all of it
	Prorated        Life = 12 // accepted in part, the rest returned
	Returned        Life = 13 // nothing accepted, or rejected, or the offer ended
	Paid            Life = 14 // what was accepted, or the consent, is settled
	ConsentStands   Life = 15 // a consent without a tender that the final result counts
	WithoutEffect   Life = 16 // a consent of which nothing came: too few, too late, defective, or the offer ended
)

// Event is what moves an instruction.
type Event uint8

// The events of an instruction.
const (
	OnDefect    Event = 1
	OnCure      Event = 2
	OnWaive     Event = 3
	OnBlock     Event = 4
	OnWithdraw  Event = 5 // the whole; a part leaves the life as it is
	OnReplace   Event = 6 // by a changed tender
	OnReinstate Event = 7 // an extension made it timely
	OnDeliver   Event = 8
	OnMiss      Event = 9 // the delivery deadline passed
	OnAccept    Event = 10
	OnProrate   Event = 11
	OnReturn    Event = 12
	OnReject    Event = 13
	OnSettle    Event = 14
	OnPart      Event = 15 // withdrawn or delivered in part: no move
	OnAskWaiver Event = 16 // the agent asks the offeror to waive
	OnConsent   Event = 17 // the final result counts the consent
	OnLose      Event = 18 // nothing comes of the consent
)

var lifeNames = map[Life]string{
	Received: "received", Defective: "defective", Cured: "cured", Waived: "waived", Blocked: "blocked", Withdrawn: "withdrawn",
	LateReceived: "late", Guaranteed: "guaranteed", Delivered: "delivered", FailedToDeliver: "failed-to-deliver",
	InFull: "accepted", Prorated: "prorated", Returned: "returned", Paid: "settled", ConsentStands: "consented", WithoutEffect: "without-effect",
}

var eventNames = map[Event]string{
	OnDefect: "defect", OnCure: "cure", OnWaive: "waive", OnBlock: "block", OnWithdraw: "withdraw", OnReplace: "replace", OnReinstate: "reinstate",
	OnDeliver: "deliver", OnMiss: "miss", OnAccept: "accept", OnProrate: "prorate", OnReturn: "return", OnReject: "reject", OnSettle: "settle",
	OnPart: "part", OnAskWaiver: "ask waiver", OnConsent: "consent", OnLose: "lose",
}

// String is the name of the state: "failed-to-deliver".
func (l Life) String() string { return lifeNames[l] }

// String is the name of the event: "withdraw".
func (e Event) String() string { return eventNames[e] }

// moves is the whole life of an instruction. What is not listed is refused.
var moves = map[Life]map[Event]Life{
	Received:        {OnDefect: Defective, OnBlock: Blocked, OnDeliver: Delivered, OnMiss: FailedToDeliver, OnWithdraw: Withdrawn, OnReplace: Withdrawn, OnAccept: InFull, OnProrate: Prorated, OnReturn: Returned, OnConsent: ConsentStands, OnLose: WithoutEffect},
	Defective:       {OnAskWaiver: Defective, OnCure: Cured, OnWaive: Waived, OnReject: Returned, OnWithdraw: Withdrawn, OnReplace: Withdrawn, OnReturn: Returned, OnLose: WithoutEffect},
	Cured:           {OnDefect: Defective, OnBlock: Blocked, OnDeliver: Delivered, OnMiss: FailedToDeliver, OnWithdraw: Withdrawn, OnReplace: Withdrawn, OnAccept: InFull, OnProrate: Prorated, OnReturn: Returned, OnConsent: ConsentStands, OnLose: WithoutEffect},
	Waived:          {OnDefect: Defective, OnBlock: Blocked, OnDeliver: Delivered, OnMiss: FailedToDeliver, OnWithdraw: Withdrawn, OnReplace: Withdrawn, OnAccept: InFull, OnProrate: Prorated, OnReturn: Returned, OnConsent: ConsentStands, OnLose: WithoutEffect},
	Blocked:         {OnDefect: Defective, OnDeliver: Delivered, OnMiss: FailedToDeliver, OnWithdraw: Withdrawn, OnReplace: Withdrawn, OnAccept: InFull, OnProrate: Prorated, OnReturn: Returned},
	Withdrawn:       {},
	LateReceived:    {OnAskWaiver: LateReceived, OnWaive: Waived, OnReinstate: Received, OnReturn: Returned, OnLose: WithoutEffect},
	Guaranteed:      {OnDefect: Defective, OnDeliver: Delivered, OnMiss: FailedToDeliver, OnWithdraw: Withdrawn, OnReplace: Withdrawn, OnAccept: InFull, OnProrate: Prorated, OnReturn: Returned},
	Delivered:       {OnDefect: Defective, OnWithdraw: Withdrawn, OnAccept: InFull, OnProrate: Prorated, OnReturn: Returned},
	FailedToDeliver: {OnDefect: Defective, OnDeliver: Delivered, OnWithdraw: Withdrawn, OnAccept: InFull, OnProrate: Prorated, OnReturn: Returned},
	InFull:          {OnDeliver: InFull, OnSettle: Paid},
	Prorated:        {OnDeliver: Prorated, OnSettle: Paid},
	Returned:        {},
	Paid:            {},
	ConsentStands:   {OnSettle: Paid},
	WithoutEffect:   {},
}

// Live reports whether a tender in this state counts in totals and allocations.
func (l Life) Live() bool { return l < 64 && liveSet>>l&1 == 1 }

const liveSet uint64 = 1<<Received | 1<<Cured | 1<<Waived | 1<<Blocked | 1<<Guaranteed | 1<<Delivered | 1<<FailedToDeliver
