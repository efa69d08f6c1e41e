package offer

import (
	"tenderbook/calendar"
	"tenderbook/money"
)

// A document is an offer file as it stands: the terms, or in an amendment what
// changes, with the keys that say which file it is.
type document struct {
	version   string
	amends    string
	effective string
	Terms
}

// The tables are read from the top: what others depend on stands first.
var documentKeys = group[document]{
	{"tenderbook", version(func(d *document) *string { return &d.version }), "version of this format, always 1", true},
	{"amends", text(func(d *document) *string { return &d.amends }), "in an amendment: the id of the offer that it changes", false},
	{"effective", localTime(func(d *document) *string { return &d.effective }), "in an amendment: from when it is in force, local time of the offer", false},
	{"offer", id(func(d *document) *string { return &d.ID }), "short id of the offer: letters, digits, point, hyphen and underscore", true},
	{"title", text(func(d *document) *string { return &d.Title }), "what the offer is called", true},
	{"offeror", text(func(d *document) *string { return &d.Offeror }), "who makes the offer", true},
	{"kind", word(func(d *document) *string { return &d.Kind }, "cash-tender", "exchange", "consent"), "what holders are offered", true},
	{"rules", word(func(d *document) *string { return &d.Rules }, "us-14e", "us-14e-five-day", "us-13e-4", "uk-eu-debt", "none"), "the law that the offer is made under", true},
	{"time_zone", zone(func(d *document) *Terms { return &d.Terms }), "zone of all local times, by its IANA name", true},
	{"commenced", date(func(d *document) *calendar.Date { return &d.Commenced }), "day on which the offer began", true},
	{"dates", sub(func(d *document) *Dates { return &d.Dates }, datesKeys), "deadlines and settlement days", true},
	{"references", groups(func(d *document) *[]Reference { return &d.References }, "id", func(r *Reference) string { return r.ID }, sharedReferenceKeys), "securities and curves that the spreads of several series are over", false},
	{"exchange_rates", rates(func(d *document) *[]money.Rate { return &d.Rates }), "how other currencies count toward a cap: units of the second for one of the first", false},
	{"caps", groups(func(d *document) *[]Cap { return &d.Caps }, "name", func(c *Cap) string { return c.Name }, capKeys), "the most that is accepted over several series; none means any and all", false},
	{"acceptance", sub(func(d *document) *Acceptance { return &d.Acceptance }, acceptanceKeys), "how tenders are accepted and prorated; needed as soon as anything can be cut", false},
	{"payment", sub(func(d *document) *Payment { return &d.Payment }, paymentKeys), "how accepted notes are paid for", false},
	{"series", groups(func(d *document) *[]Series { return &d.Series }, "id", func(s *Series) string { return s.ID }, seriesKeys), "the issues of notes that the offer is for", true},
	{"conditions", groups(func(d *document) *[]Condition { return &d.Conditions }, "id", func(c *Condition) string { return c.ID }, conditionKeys), "what the offer depends on", false},
	{"termination", optionalSub(func(d *document) **Termination { return &d.Termination }, terminationKeys), "in an amendment: the offer, or a part of it, is terminated and accepts nothing", false},
	{"facts", facts(func(d *document) *map[string]string { return &d.Facts }), "answers that rules ask for and terms do not show, such as press_release: 2024-05-01 09:30", false},
}

var datesKeys = group[Dates]{
	{"early_tender", deadline(func(d *Dates) *calendar.Deadline { return &d.EarlyTender }), "early tender deadline; left out: all tenders are paid alike", false},
	{"withdrawal", deadline(func(d *Dates) *calendar.Deadline { return &d.Withdrawal }), "last time to withdraw", false},
	{"price_determination", deadline(func(d *Dates) *calendar.Deadline { return &d.PriceDetermination }), "when reference yields are fixed", false},
	{"expiration", deadline(func(d *Dates) *calendar.Deadline { return &d.Expiration }), "last time to tender", true},
	{"guaranteed_delivery", deadline(func(d *Dates) *calendar.Deadline { return &d.GuaranteedDelivery }), "last time to deliver notes tendered by notice", false},
	{"early_settlement", date(func(d *Dates) *calendar.Date { return &d.EarlySettlement }), "day on which early tenders are paid, where they are paid first", false},
	{"settlement", date(func(d *Dates) *calendar.Date { return &d.Settlement }), "day on which tenders are expected to be paid", true},
}

var capKeys = group[Cap]{
	{"name", text(func(c *Cap) *string { return &c.Name }), "what the offer calls it; amendments and results name it by this", true},
	{"amount", capAmount(func(c *Cap) *money.Amount { return &c.Amount }), "currency and amount, or a number of shares, such as 6,500,000 shares", true},
	{"counts", word(func(c *Cap) *string { return &c.Counts }, "principal", "shares", "purchase-price", "purchase-price-and-interest", "new-notes"), "what counts toward it: principal or shares, the consideration paid, that with accrued interest, or the new notes of an exchange before denominations", true},
	{"series", allOrIDs(func(c *Cap) *[]string { return &c.Series }), "all, or the ids of the series that it covers", true},
	{"less", ids(func(c *Cap) *[]string { return &c.Less }), "ids of series, not covered, whose acceptance is taken off the amount first", false},
	{"if", optionalSub(func(c *Cap) **Fallback { return &c.If }, fallbackKeys), "the condition that the amount depends on", false},
	{"upsize", optionalSub(func(c *Cap) **Upsize { return &c.Upsize }, upsizeKeys), "the right to take more than the amount without extending the offer", false},
	{"remove", removal(func(c *Cap) *bool { return &c.remove }), "in an amendment: true drops the cap", false},
}

var fallbackKeys = group[Fallback]{
	{"condition", id(func(f *Fallback) *string { return &f.Condition }), "id of the condition; it then terminates nothing if it fails", true},
	{"otherwise", capAmount(func(f *Fallback) *money.Amount { return &f.Otherwise }), "the amount of the cap where the condition is stated to have failed", true},
}

var terminationKeys = group[Termination]{
	{"series", allOrIDs(func(t *Termination) *[]string { return &t.Series }), "all, or the ids of the series for which it is terminated", true},
	{"reason", text(func(t *Termination) *string { return &t.Reason }), "why, in a few words", true},
}

var upsizeKeys = group[Upsize]{
	{"percent", decimal(func(u *Upsize) *money.Decimal { return &u.Percent }), "how much more at most, in percent of what is outstanding of the series that the cap covers", true},
	{"exercised", decimal(func(u *Upsize) *money.Decimal { return &u.Exercised }), "what the offeror takes more, in the unit of the cap; nothing until an amendment says so", false},
}

var acceptanceKeys = group[Acceptance]{
	{"order", word(func(a *Acceptance) *string { return &a.Order }, "priority", "early-first", "auction"), "what comes first: the level, the early tenders, or the bid", false},
	{"if_exceeded", word(func(a *Acceptance) *string { return &a.IfExceeded }, "prorate", "reject-and-continue", "reject-and-stop"), "what becomes of a step that a cap has no room for", false},
	{"maximum_exceeded", word(func(a *Acceptance) *string { return &a.MaximumExceeded }, "prorate", "reject"), "what becomes of a series above its own maximum; prorate if left out", false},
	{"prorate_by", word(func(a *Acceptance) *string { return &a.ProrateBy }, "instruction", "participant", "holder"), "the unit that is prorated; instruction if left out", false},
	{"leftover", word(func(a *Acceptance) *string { return &a.Leftover }, "unused", "raise-factor", "largest-remainder"), "what becomes of the room that rounding down leaves", false},
	{"remainder", word(func(a *Acceptance) *string { return &a.Remainder }, "lost", "next"), "whether later steps may use what a full cap has left; lost if left out", false},
	{"stub", word(func(a *Acceptance) *string { return &a.Stub }, "ignore", "reject", "accept", "minimum"), "what becomes of a piece below the minimum denomination", false},
	{"factor_decimals", whole(func(a *Acceptance) *int { return &a.FactorDecimals }, 1, 18), "decimals to which the factor is cut before it is used; exact if left out", false},
	{"small", sub(func(a *Acceptance) *Acceptance { return a }, smallKeys), "small tenders that are served before the others of their step", false},
	{"changed", word(func(a *Acceptance) *string { return &a.Changed }, "keeps-time", "new-time"), "the receipt time of a tender that was increased; new-time if left out", false},
	{"auction", optionalSub(func(a *Acceptance) **Auction { return &a.Auction }, auctionKeys), "the modified Dutch auction, with order: auction", false},
}

var smallKeys = group[Acceptance]{
	{"up_to", plainNumber(func(a *Acceptance) *string { return &a.SmallUpTo }), "the largest tender that is small, in units of its series' currency", true},
	{"accept", word(func(a *Acceptance) *string { return &a.SmallAccept }, "whole"), "how they are accepted: whole, as long as the caps have room", true},
}

var auctionKeys = group[Auction]{
	{"by", word(func(a *Auction) *string { return &a.By }, "series"), "series: auctions side by side, each with its own cap or maximum and its own clearing bid; left out: bids of all series compete", false},
	{"no_bid", word(func(a *Auction) *string { return &a.NoBid }, "clearing", "best-for-offeror", "range-limit"), "how a tender without a bid counts", true},
	{"pays", word(func(a *Auction) *string { return &a.Pays }, "clearing", "bid"), "what an accepted tender is paid: the clearing bid, or its own", true},
	{"prorate", word(func(a *Auction) *string { return &a.Prorate }, "at-clearing", "all"), "which tenders share the cut: those at the clearing bid, or all at or better than it", true},
}

var paymentKeys = group[Payment]{
	{"pay_by", word(func(p *Payment) *string { return &p.PayBy }, "instruction", "participant"), "what one payment is for; instruction if left out", false},
	{"round_interest", word(func(p *Payment) *string { return &p.RoundInterest }, "per-payment", "per-1000"), "where accrued interest is rounded half up to the cent; per-payment if left out", false},
}

var seriesKeys = group[Series]{
	{"id", id(func(s *Series) *string { return &s.ID }), "short id that books and caps name it by", true},
	{"title", text(func(s *Series) *string { return &s.Title }), "the name of the notes", true},
	{"currency", currency(func(s *Series) *money.Currency { return &s.Currency }), "ISO 4217 code; the amounts of the series are in it", true},
	{"unit", word(func(s *Series) *string { return &s.Unit }, "shares"), "shares: amounts are shares, without decimals, and bids are per share; left out: principal", false},
	{"level", level(func(s *Series) *[]Level { return &s.Levels }), "acceptance priority level, 1 is accepted first", false},
	{"levels", several(func(s *Series) *[]Level { return &s.Levels }), "instead of level: several, with what is accepted at each", false},
	{"principal", word(func(s *Series) *string { return &s.Principal }, "at-maturity", "original"), "what amounts and prices are counted in, where it is not the principal outstanding", false},
	{"outstanding", amount(func(s *Series) *money.Amount { return &s.Outstanding }), "principal outstanding before the offer", true},
	{"maximum", optionalAmount(func(s *Series) **money.Amount { return &s.Maximum }), "the most principal that is accepted of it; left out: no bound", false},
	{"denomination", sub(func(s *Series) *Series { return s }, denominationKeys), "the pieces that the notes can be held in", true},
	{"expiration", deadline(func(s *Series) *calendar.Deadline { return &s.Expiration }), "last time to tender it, where the series has its own", false},
	{"consideration", sub(func(s *Series) *Consideration { return &s.Price }, considerationKeys), "the price; accrued interest is paid on top", false},
	{"pricing", optionalSub(func(s *Series) **Pricing { return &s.Pricing }, pricingKeys), "instead of a price: how it comes about", false},
	{"consent", optionalSub(func(s *Series) **Consent { return &s.Consent }, consentKeys), "the consents that are asked for with, or instead of, tenders", false},
	{"new_notes", optionalSub(func(s *Series) **NewNotes { return &s.NewNotes }, newNotesKeys), "in an exchange: the notes whose principal the consideration counts", false},
	{"interest", sub(func(s *Series) *Interest { return &s.Interest }, interestKeys), "the coupon; left out: no accrued interest is paid", false},
	{"maturity", date(func(s *Series) *calendar.Date { return &s.Maturity }), "last day of the notes; needed where a price comes from a yield", false},
	{"identifiers", sub(func(s *Series) *Series { return s }, identifierKeys), "securities identifiers", false},
}

var levelKeys = group[Level]{
	{"level", whole(func(l *Level) *int { return &l.Level }, 1, maxLevel), "acceptance priority level", true},
	{"up_to", optionalAmount(func(l *Level) **money.Amount { return &l.UpTo }), "the most principal accepted there; on all but the last", false},
}

var denominationKeys = group[Series]{
	{"minimum", amount(func(s *Series) *money.Amount { return &s.Minimum }), "smallest piece, a whole number of multiples", true},
	{"multiple", amount(func(s *Series) *money.Amount { return &s.Multiple }), "step between pieces; what is accepted is a whole number of it", true},
}

var considerationKeys = group[Consideration]{
	{"per", decimal(func(c *Consideration) *money.Decimal { return &c.Per }), "principal that the prices are for: 1000, or 100 for a percentage", true},
	{"tender_offer", decimal(func(c *Consideration) *money.Decimal { return &c.TenderOffer }), "price of late tenders; with no early payment the only price", false},
	{"early_payment", decimal(func(c *Consideration) *money.Decimal { return &c.EarlyPayment }), "what early tenders get more", false},
	{"total", decimal(func(c *Consideration) *money.Decimal { return &c.Total }), "price of early tenders: the sum of the two, which is checked", false},
}

var newNotesKeys = group[NewNotes]{
	{"title", text(func(n *NewNotes) *string { return &n.Title }), "the name of the new notes", true},
	{"minimum", decimal(func(n *NewNotes) *money.Decimal { return &n.Minimum }), "their minimum denomination", false},
	{"multiple", decimal(func(n *NewNotes) *money.Decimal { return &n.Multiple }), "their authorized multiple", false},
	{"percent", optional(func(n *NewNotes) **money.Decimal { return &n.Percent }), "the part of the consideration that is in new notes, the rest being cash; all of it if neither this nor principal is given", false},
	{"principal", optional(func(n *NewNotes) **money.Decimal { return &n.Principal }), "the principal of new notes for the per of the consideration, the rest being cash", false},
	{"fractions", word(func(n *NewNotes) *string { return &n.Fractions }, "cash", "dropped"), "what becomes of the part that their denomination cuts off", false},
	{"cash", decimal(func(n *NewNotes) *money.Decimal { return &n.Cash }), "cash paid on top, for the per of the consideration", false},
}

var consentKeys = group[Consent]{
	{"threshold", threshold(func(c *Consent) *Threshold { return &c.Threshold }), "the part of what is outstanding whose consent is needed", true},
	{"carried", flag(func(c *Consent) *bool { return &c.Carried }), "whether a tender carries the consent of its notes", true},
	{"alone", flag(func(c *Consent) *bool { return &c.Alone }), "whether a consent may be given without a tender", true},
	{"payment", decimal(func(c *Consent) *money.Decimal { return &c.Payment }), "paid per 1,000 for a consent without a tender, once the threshold is reached", false},
	{"early_payment", decimal(func(c *Consent) *money.Decimal { return &c.Early }), "paid per 1,000 more for one in time for the early tender date", false},
	{"whole", flag(func(c *Consent) *bool { return &c.Whole }), "whether the consents have effect only if all tendered notes of the series are accepted", false},
}

var pricingKeys = group[Pricing]{
	{"kind", word(func(p *Pricing) *string { return &p.Kind }, "fixed-spread", "auction-price", "auction-spread", "reference-price"), "what the price follows from", true},
	{"reference", referenceOrID(func(p *Pricing) *Reference { return &p.Reference }), "the security, or the rate, that the spread is over: its keys, or the id of one of references", false},
	{"spread_bp", decimal(func(p *Pricing) *money.Decimal { return &p.SpreadBP }), "spread in basis points", false},
	{"early_payment", decimal(func(p *Pricing) *money.Decimal { return &p.EarlyPayment }), "early tender payment per 1,000, inside the price", false},
	{"to", toDate(func(p *Pricing) *string { return &p.To }), "the date that the notes are priced to: maturity, par-call, earlier-of-par-call-and-maturity, or a date", false},
	{"par_call", date(func(p *Pricing) *calendar.Date { return &p.ParCall }), "first date on which the notes can be called at par", false},
	{"at", word(func(p *Pricing) *string { return &p.At }, "first-settlement", "own-settlement"), "the day that a price from a yield is worked out to; first-settlement if left out: one price, which late tenders get less the early payment", false},
	{"convention", sub(func(p *Pricing) *Pricing { return p }, conventionKeys), "how a price follows from a yield", false},
	{"base", decimal(func(p *Pricing) *money.Decimal { return &p.Base }), "in an auction: what bids are compared from across series, per 1,000 or in basis points", false},
	{"minimum", decimal(func(p *Pricing) *money.Decimal { return &p.Minimum }), "in an auction: lowest bid", false},
	{"maximum", decimal(func(p *Pricing) *money.Decimal { return &p.Maximum }), "in an auction: highest bid", false},
	{"increment", decimal(func(p *Pricing) *money.Decimal { return &p.Increment }), "in an auction: step between bids", false},
}

var conventionKeys = group[Pricing]{
	{"frequency", whole(func(p *Pricing) *int { return &p.Frequency }, 1, 12), "compounding periods a year", true},
	{"day_count", dayCount(func(p *Pricing) *string { return &p.DayCount }), "day count of the yield", true},
	{"round", word(func(p *Pricing) *string { return &p.Round }, "cent-half-up", "percent-0.001"), "rounding of the price: half up to the cent per 1,000, or to three decimals of a percentage", true},
	{"method", word(func(p *Pricing) *string { return &p.Method }, "street", "compound", "treasury", "canadian"), "how payments are discounted; left out: compound for annual act/act-icma, else street", false},
}

var interestKeys = group[Interest]{
	{"coupon", decimal(func(i *Interest) *money.Decimal { return &i.Coupon }), "percent a year", true},
	{"day_count", dayCount(func(i *Interest) *string { return &i.DayCount }), "how days count: 30/360, act/act-icma and others", true},
	{"dates", listOf("month-day", func(i *Interest) *[]MonthDay { return &i.Dates }, parseMonthDay, MonthDay.String), "regular interest dates of a year", true},
	{"accrues", date(func(i *Interest) *calendar.Date { return &i.Accrues }), "first day of accrual, where the first period is odd", false},
	{"first_date", date(func(i *Interest) *calendar.Date { return &i.FirstDate }), "first interest date, where the first period is odd", false},
	{"last_date", date(func(i *Interest) *calendar.Date { return &i.LastDate }), "last interest date before maturity, where the last period is long", false},
	{"steps", groups(func(i *Interest) *[]Step { return &i.Steps }, "from", func(s *Step) string { return s.From.String() }, stepKeys), "later coupons, in the order of their dates", false},
}

var stepKeys = group[Step]{
	{"from", date(func(s *Step) *calendar.Date { return &s.From }), "first day of the coupon", true},
	{"coupon", decimal(func(s *Step) *money.Decimal { return &s.Coupon }), "percent a year", true},
}

var identifierKeys = group[Series]{
	{"cusip", listOf("cusip", func(s *Series) *[]string { return &s.CUSIPs }, parseCUSIP, same), "CUSIPs of the notes: those of rule 144A and regulation S are one series", false},
	{"isin", listOf("isin", func(s *Series) *[]string { return &s.ISINs }, parseISIN, same), "ISINs of the notes", false},
}

var conditionKeys = group[Condition]{
	{"id", id(func(c *Condition) *string { return &c.ID }), "short id", true},
	{"text", text(func(c *Condition) *string { return &c.Text }), "what must be so", true},
	{"kind", word(func(c *Condition) *string { return &c.Kind }, "financing", "minimum-tender", "maximum-tender", "consent", "cross", "other"), "what it is about", true},
	{"waivable", flag(func(c *Condition) *bool { return &c.Waivable }), "whether the offeror may waive it", true},
	{"status", word(func(c *Condition) *string { return &c.Status }, "open", "satisfied", "waived", "failed"), "how it came out; left out while it is open, or where a book decides it", false},
	{"at", statusTime(func(c *Condition) *string { return &c.At }), "local time at which it came out so", false},
	{"series", restricted(func(c *Condition) *[]string { return &c.Series }), "the series that it is a condition for: those that accept nothing if it fails; all if left out", false},
	{"of", restricted(func(c *Condition) *[]string { return &c.Of }), "the series whose tenders or consents are counted; all if left out", false},
	{"percent", optional(func(c *Condition) **money.Decimal { return &c.Percent }), "the part of what is outstanding of them that is tendered at least, or at most", false},
	{"amount", optional(func(c *Condition) **money.Decimal { return &c.Amount }), "the principal of them that is tendered at least, or at most", false},
	{"needs", ids(func(c *Condition) *[]string { return &c.Needs }), "of a cross-condition: ids of conditions before it, which must be satisfied or waived", false},
	{"remove", removal(func(c *Condition) *bool { return &c.remove }), "in an amendment: true drops the condition", false},
}
