package book

// OfferLife is where an offer stands. Codes never change their meaning.
type OfferLife uint8

// The states of an offer.
const (
	NoTerms      OfferLife = 0  // nothing is drafted
	Drafted      OfferLife = 1  // terms are written; an approved launch moves it on
	Approved     OfferLife = 2  // a second person approved the launch; it commences by itself on its day
	Commenced    OfferLife = 3  // tenders are taken
	Priced       OfferLife = 4  // the rates and prices are fixed
	EarlyResults OfferLife = 5  // early tenders are accepted; paying them moves it on
	EarlySettled OfferLife = 6  // early tenders are paid; later ones are still taken
	Expired      OfferLife = 7  // the last deadline has passed; acceptance or extension moves it on
	Accepted     OfferLife = 8  // the final result stands; settlement moves it on
	Settled      OfferLife = 9  // all is paid
	Terminated   OfferLife = 10 // ended by the offeror; tenders are returned
	Lapsed       OfferLife = 11 // a condition failed; tenders are returned
)

// OfferEvent is what moves an offer.
type OfferEvent uint8

// The events of an offer. Commence and Expire come by the clock, all others by
// an approved proposal, except the draft itself.
const (
	DoDraft       OfferEvent = 1
	DoApprove     OfferEvent = 2
	DoCommence    OfferEvent = 3
	DoAmend       OfferEvent = 4
	DoExtend      OfferEvent = 5
	DoPrice       OfferEvent = 6
	DoWaive       OfferEvent = 7
	DoAcceptEarly OfferEvent = 8
	DoSettleEarly OfferEvent = 9
	DoExpire      OfferEvent = 10
	DoAccept      OfferEvent = 11
	DoSettle      OfferEvent = 12
	DoRelease     OfferEvent = 13
	DoTerminate   OfferEvent = 14
	DoLapse       OfferEvent = 15
)

var offerLifeNames = map[OfferLife]string{
	NoTerms: "none", Drafted: "draft", Approved: "approved", Commenced: "commenced", Priced: "priced", EarlyResults: "early-results",
	EarlySettled: "early-settled", Expired: "expired", Accepted: "accepted", Settled: "settled", Terminated: "terminated", Lapsed: "lapsed",
}

var offerEventNames = map[OfferEvent]string{
	DoDraft: "draft", DoApprove: "launch", DoCommence: "commence", DoAmend: "amend", DoExtend: "extend", DoPrice: "price", DoWaive: "waive",
	DoAcceptEarly: "accept early", DoSettleEarly: "settle early", DoExpire: "expire", DoAccept: "accept", DoSettle: "settle",
	DoRelease: "release", DoTerminate: "terminate", DoLapse: "lapse",
}

// String is the name of the state: "early-settled".
func (l OfferLife) String() string { return offerLifeNames[l] }

// String is the name of the event: "accept early".
func (e OfferEvent) String() string { return offerEventNames[e] }

// offerMoves is the whole life of an offer. What is not listed is refused. An
// offer that expired and is extended is commenced again; what was priced or
// accepted early before stays so.
var offerMoves = map[OfferLife]map[OfferEvent]OfferLife{
	NoTerms:      {DoDraft: Drafted},
	Drafted:      {DoDraft: Drafted, DoApprove: Approved, DoTerminate: Terminated},
	Approved:     {DoAmend: Approved, DoExtend: Approved, DoPrice: Approved, DoCommence: Commenced, DoTerminate: Terminated},
	Commenced:    {DoAmend: Commenced, DoExtend: Commenced, DoPrice: Priced, DoWaive: Commenced, DoAcceptEarly: EarlyResults, DoRelease: Commenced, DoSettleEarly: EarlySettled, DoExpire: Expired, DoTerminate: Terminated, DoLapse: Lapsed},
	Priced:       {DoAmend: Priced, DoExtend: Priced, DoPrice: Priced, DoWaive: Priced, DoAcceptEarly: EarlyResults, DoRelease: Priced, DoSettleEarly: EarlySettled, DoExpire: Expired, DoTerminate: Terminated, DoLapse: Lapsed},
	EarlyResults: {DoAmend: EarlyResults, DoExtend: EarlyResults, DoPrice: EarlyResults, DoWaive: EarlyResults, DoRelease: EarlyResults, DoSettleEarly: EarlySettled, DoExpire: Expired},
	EarlySettled: {DoAmend: EarlySettled, DoExtend: EarlySettled, DoPrice: EarlySettled, DoWaive: EarlySettled, DoExpire: Expired, DoTerminate: Terminated, DoLapse: Lapsed},
	Expired:      {DoAmend: Expired, DoExtend: Commenced, DoPrice: Expired, DoWaive: Expired, DoAcceptEarly: Expired, DoRelease: Expired, DoSettleEarly: Expired, DoAccept: Accepted, DoTerminate: Terminated, DoLapse: Lapsed},
	Accepted:     {DoRelease: Accepted, DoSettleEarly: Accepted, DoSettle: Settled},
	Settled:      {},
	Terminated:   {},
	Lapsed:       {},
}

// SeriesLife is where one series stands, where it can differ from its offer.
type SeriesLife uint8

// The states of a series.
const (
	SeriesOpen       SeriesLife = 1 // as its offer
	SeriesExtended   SeriesLife = 2 // its deadline was moved to a later time
	SeriesExpired    SeriesLife = 3 // its own deadline has passed
	SeriesTerminated SeriesLife = 4 // ended alone; its tenders are returned
)

// SeriesEvent is what moves a series.
type SeriesEvent uint8

// The events of a series.
const (
	SeriesExtend    SeriesEvent = 1
	SeriesExpire    SeriesEvent = 2
	SeriesTerminate SeriesEvent = 3
)

var (
	seriesLifeNames  = map[SeriesLife]string{SeriesOpen: "open", SeriesExtended: "extended", SeriesExpired: "expired", SeriesTerminated: "terminated"}
	seriesEventNames = map[SeriesEvent]string{SeriesExtend: "extend", SeriesExpire: "expire", SeriesTerminate: "terminate"}
)

// String is the name of the state: "extended".
func (l SeriesLife) String() string { return seriesLifeNames[l] }

// String is the name of the event: "extend".
func (e SeriesEvent) String() string { return seriesEventNames[e] }

// seriesMoves is the whole life of a series. What is not listed is refused.
var seriesMoves = map[SeriesLife]map[SeriesEvent]SeriesLife{
	SeriesOpen:       {SeriesExtend: SeriesExtended, SeriesExpire: SeriesExpired, SeriesTerminate: SeriesTerminated},
	SeriesExtended:   {SeriesExtend: SeriesExtended, SeriesExpire: SeriesExpired, SeriesTerminate: SeriesTerminated},
	SeriesExpired:    {SeriesExtend: SeriesExtended, SeriesTerminate: SeriesTerminated},
	SeriesTerminated: {},
}
