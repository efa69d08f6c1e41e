package bookfile

import (
	"fmt"

	"tenderbook/allocation"
)

// Consented is what was consented of one series, in minor units of its currency.
type Consented struct {
	Principal int64 // for which consents stand, tendered or not
	Alone     int64 // of that, without a tender
	Count     int64 // consents without a tender
	Paid      int64 // for consents without a tender: nothing before the threshold is reached
}

// terminated says why nothing of a series is accepted, or "".
func (j *job) terminated(series int) string {
	if series >= len(j.opts.Terminated) {
		return ""
	}
	return j.opts.Terminated[series]
}

// consents reports whether a consent without a tender stands.
func (x *loner) consents() bool {
	return x.action == consents && !x.refused && x.left > 0 && x.standing.carries()
}

// carries reports whether what was received so is in time for a consent. The
// early deadline, which side of it is decided, and what became of the tenders do not
// matter.
func (s standing) carries() bool { return s != afterExpiration && s != afterAsOf }

// countConsents adds up the consents that stand, and what those without a tender
// are paid.
func (j *job) countConsents(classes *classSet) error {
	if !j.terms.AsksConsents() {
		return nil
	}
	j.consented = make([]Consented, len(j.series))
	ok := true
	carried := func(series int, principal, n int64) {
		if c := j.terms.Series[series].Consent; c != nil && c.Carried {
			ok = addTo(&j.consented[series].Principal, principal, n) && ok
		}
	}
	classes.each(0, classes.size(), func(c *class) {
		if c.standing.carries() {
			carried(int(c.series), c.principal, c.count)
		}
	})
	j.eachLoner(func(_ *block, x *loner, _ int64) {
		switch {
		case x.consents():
			of := &j.consented[x.series]
			ok = addTo(&of.Principal, x.left, 1) && ok
			of.Alone += x.left // not above Principal
			of.Count++
		case x.isTender() && !x.refused && x.standing.carries():
			carried(x.series, x.left, 1)
		}
	})
	if !ok {
		return fmt.Errorf("%s: consents: %w", j.src.Name, ErrTooLarge)
	}
	return j.payConsents()
}

// payConsents pays consents without a tender, each rounded half up, for series
// whose threshold is reached. They are paid once, with the final settlement.
func (j *job) payConsents() error {
	if j.opts.Only == OnlyEarly {
		return nil
	}
	var failed error
	j.eachLoner(func(_ *block, x *loner, _ int64) {
		s := &j.terms.Series[x.series]
		if !x.consents() || j.terminated(x.series) != "" || !s.Consent.Threshold.Reached(j.consented[x.series].Principal, s.Outstanding.Minor) {
			return
		}
		minor, err := s.Consent.Pays(x.left, x.timing == allocation.Early)
		if err == nil && !addTo(&j.consented[x.series].Paid, minor, 1) {
			err = ErrTooLarge
		}
		if err != nil && failed == nil {
			failed = fmt.Errorf("%s: consent payment: %w", j.src.Name, err)
		}
		x.consideration = minor
	})
	return failed
}

// unpaidConsent says why a consent without a tender is not paid what the terms
// pay for it; "" where it is, or they pay nothing.
func (j *job) unpaidConsent(x *loner) string {
	s := &j.terms.Series[x.series]
	switch {
	case x.consideration > 0 || s.Consent.Payment.Sign() == 0 && s.Consent.Early.Sign() == 0:
		return ""
	case j.terminated(x.series) != "":
		return "not paid, the offer was terminated"
	case j.opts.Only == OnlyEarly:
		return "paid with the final settlement, if the threshold is reached"
	case !s.Consent.Threshold.Reached(j.consented[x.series].Principal, s.Outstanding.Minor):
		return "not paid, the threshold is not reached"
	}
	return ""
}

// consentEntry is what becomes of a consent without a tender: nothing is
// accepted or returned, as nothing was tendered.
func (j *job) consentEntry(x *loner) entry {
	e := entry{series: x.series, timing: x.timing.String()}
	switch {
	case x.left == 0:
		e.reason = "consent withdrawn"
	case !x.standing.carries():
		e.reason = "consent " + j.notCounted(x.series, x.standing)
	default:
		e.consideration, e.exchanged.Cash = x.consideration, x.consideration
		e.reason = "consent for " + string(appendPrincipal(nil, x.left, j.series[x.series].currency.Digits))
		if why := j.unpaidConsent(x); why != "" {
			e.reason += ": " + why
		}
	}
	if x.left > 0 && x.left < x.principal {
		e.reason += "; " + string(appendPrincipal(nil, x.principal-x.left, j.series[x.series].currency.Digits)) + " withdrawn"
	}
	return e
}
