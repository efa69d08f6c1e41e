package book

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"tenderbook/offer"
)

// redraft takes a draft of the terms.
func (s *State) redraft(actor string, o *Offer) *Refusal {
	if r := s.need(actor, MayDraft); r != nil {
		return r
	}
	if r := s.moves(DoDraft); r != nil {
		return r
	}
	h, r := s.readOffer(o)
	if r != nil {
		return r
	}
	s.draft = o
	s.setHistory(h)
	s.clock.life = Drafted
	return nil
}

// readOffer reads an offer file, which must be of this offer.
func (s *State) readOffer(o *Offer) (*offer.History, *Refusal) {
	f, err := offer.Read(o.Name, []byte(o.File))
	if err != nil {
		return nil, &Refusal{BadTerms, "offer file", err.Error()}
	}
	if !f.IsAmendment() && f.Terms.ID != s.offer {
		return nil, refuse(BadTerms, "offer", "the file is of offer %q, needs %q", f.Terms.ID, s.offer)
	}
	h, err := offer.NewHistory(f)
	if err != nil {
		return nil, &Refusal{BadTerms, "offer file", err.Error()}
	}
	return h, nil
}

// setHistory puts terms in force from the start.
func (s *State) setHistory(h *offer.History) {
	s.history = h
	s.clock.versions, s.clock.events, s.clock.rules, s.clock.current = h.Versions(), []OfferEvent{DoDraft}, []Rules{0}, 0
	s.numberSeries()
	s.clock.load()
	clear(s.bidFits)
}

// numberSeries gives numbers to series that have none yet.
func (s *State) numberSeries() {
	for _, v := range s.clock.versions {
		for i := range v.Terms.Series {
			if n := s.series.of(v.Terms.Series[i].ID); int(n) == len(s.tallied) {
				s.tallied = append(s.tallied, newTallied())
				s.clock.series = append(s.clock.series, SeriesOpen)
			}
		}
	}
	s.clock.ids = s.series.names
}

// moves refuses an event that the life of the offer does not list.
func (s *State) moves(event OfferEvent) *Refusal {
	if _, ok := offerMoves[s.clock.life][event]; ok {
		return nil
	}
	if s.clock.life == NoTerms {
		return refuse(NoOffer, "life", "offer %q has no terms yet", s.offer)
	}
	return refuse(WrongState, "life", "cannot %s an offer that is %s", event, s.clock.life)
}

// move does an event that was checked with moves.
func (s *State) move(event OfferEvent) { s.clock.life = offerMoves[s.clock.life][event] }

// final are the terms after all that was approved, also what takes effect later.
func (s *State) final() *offer.Terms {
	if s.history == nil {
		return nil
	}
	return s.history.Final()
}

// TermsDigest identifies the terms after all that was approved: what the basis
// of a proposal names. It is empty if nothing is drafted.
func (s *State) TermsDigest() string {
	if s.history == nil {
		return ""
	}
	return s.history.Final().Digest()
}

// amended reads an amendment and gives the history with it.
func (s *State) amended(name, file string, at int64) (*offer.History, *Refusal) {
	f, err := offer.Read(name, []byte(file))
	if err == nil {
		var h *offer.History
		if h, err = s.history.Enact(f, time.Unix(0, at)); err == nil {
			return h, nil
		}
	}
	var problems offer.Problems
	rule := "amendment"
	if errors.As(err, &problems) && len(problems) > 0 {
		rule = problems[0].Path
	}
	return nil, &Refusal{BadTerms, rule, err.Error()}
}

// enact puts an amendment in force at its time.
func (s *State) enact(h *offer.History, x enacted) {
	s.history = h
	s.files = append(s.files, x)
	s.clock.versions = h.Versions()
	s.clock.events, s.clock.rules = append(s.clock.events, x.event), append(s.clock.rules, x.rules)
	s.numberSeries()
	s.clock.by = append(s.clock.by, make([]seriesTerms, len(s.clock.ids)-len(s.clock.by))...)
	for n := range s.clock.by {
		if s.clock.by[n] == (seriesTerms{}) {
			s.clock.by[n].at = -1 // until its version is in force
		}
	}
	s.clock.wind()
	s.advance(s.at)
}

// termsTurned does for instructions what a new version of the terms means: the
// totals are counted again, what was terminated is returned, and late tenders
// that are timely now are taken in.
func (s *State) termsTurned() {
	clear(s.bidFits)
	s.recount()
	if s.clock.rules[s.clock.current] >= Rules2 {
		s.returnAll(func(r *record) bool { return s.clock.series[r.series] == SeriesTerminated })
	}
	for i := range s.records {
		r := &s.records[i]
		if r.life == LateReceived && r.at <= s.clock.by[r.series].expiration && s.clock.series[r.series] != SeriesTerminated &&
			s.positionLeaves(r.series, r.participant, r.left) {
			s.happen(i, OnReinstate, s.at, wholeEntry, 0)
		}
	}
}

// mayChange says which values each kind of amendment may change, by what their
// path begins with and, in a list, has behind the name of the item.
var mayChange = map[What]struct{ begins, has []string }{
	Extend: {begins: []string{"dates."}, has: []string{".expiration"}},
	Price:  {begins: []string{"exchange_rates", "reference"}, has: []string{".pricing", ".consideration", ".interest"}},
}

// keepsTo refuses an amendment that changes more than its kind may.
func keepsTo(what What, before, after *offer.Terms) *Refusal {
	may, limited := mayChange[what]
	for _, d := range offer.Diff(before, after) {
		if limited && !begins(d.Path, may.begins) && !(strings.HasPrefix(d.Path, "series.") && contains(d.Path, may.has)) {
			return &Refusal{BadTerms, d.Path, fmt.Sprintf("%s: a proposal to %s cannot change this", d, what)}
		}
	}
	return nil
}

func begins(s string, any []string) bool {
	for _, p := range any {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func contains(s string, any []string) bool {
	for _, p := range any {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
