package report

import (
	"fmt"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
	"tenderbook/pricing"
)

// A Stage is the moment of an offer's life that a report speaks of.
type Stage uint8

// The stages, in the order in which an offer reaches them.
const (
	AtLaunch  Stage = iota // terms only
	AtEarly                // after the early tender deadline
	AtPricing              // prices fixed from a reference yield or an auction
	AtFinal                // after expiration
)

var stageNames = [...]string{"launch", "early", "pricing", "final"}

// String gives "launch", "early", "pricing" or "final".
func (s Stage) String() string { return stageNames[s] }

// ParseStage reads what [Stage.String] writes.
func ParseStage(s string) (Stage, error) {
	for i, name := range stageNames {
		if s == name {
			return Stage(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not a stage: needs launch, early, pricing or final", s)
}

// Input is what a report is made of.
type Input struct {
	Terms      *offer.Terms         // always needed
	Alloc      *allocation.Terms    // what of the terms decides; nil before there is a decision
	Decision   *allocation.Decision // nil at launch
	AsOf       time.Time            // the moment that the figures speak of
	Stage      Stage
	Vocabulary Vocabulary

	// Accepted says that the decision is a result that was accepted on record.
	// Without it the figures are what would be accepted, and are announced so.
	// Files have no record of an acceptance; their final results alone are
	// drafted as accepted.
	Accepted bool

	// Tendered is the live principal by index of Alloc.Series. It may be left
	// nil, and is then added up from the decision; that falls short of the book
	// in an auction, where bids worse than clearing are in no step, and in a run
	// after an early settlement, which sees the later tenders only.
	Tendered []Tendered

	// Earlier is the summary of the run that Alloc.Settled comes from. With it
	// the final table counts what was tendered then; without it it cannot.
	Earlier *SummaryFile

	// Prices are the determinations that the pricing table shows. It may be left
	// nil: the table is then made from the terms and the decision. That of the
	// launch shows those from hypothetical yields.
	Prices []pricing.Determination

	Conditions []offer.ConditionState // how they stand; nil: as the terms say
	Terminated []string               // by index of Alloc.Series: why nothing of it is accepted, "" where it may be; nil: nothing is terminated
	Consents   []Consented            // by index of Alloc.Series; nil where none are asked for

	Exchanged []offer.Exchanged // by index of Alloc.Series, of this run, in an exchange for new notes; nil elsewhere

	Participation []Point // by hour, for the chart; may be empty
	Record        *Record // where in a journal the figures come from; nil: from files
	TermsDigest   string  // of the offer file, such as "sha256:5f0c..."
	BookDigest    string
	Command       string       // what to type to get the same figures again; may be empty
	Rows          []RowsByFate // rows of the book by what became of them; may be empty
}

// Tendered is the principal of a series that counts, in minor units.
type Tendered struct {
	Early, Late int64
	Count       int64 // tenders
}

// Consented is what was consented of one series, in minor units.
type Consented struct {
	Principal int64 // for which consents stand, tendered or not
	Alone     int64 // of that, without a tender
	Count     int64 // consents without a tender
	Paid      int64 // for consents without a tender
}

// A Point is what came in and what was withdrawn of one series in the hour
// that starts at Hour.
type Point struct {
	Hour      time.Time
	Series    string // id
	Tendered  int64  // principal, minor units
	Withdrawn int64  // principal, minor units, not negative
}

// RowsByFate counts rows of the book.
type RowsByFate struct {
	Fate  string // "counted", "received late", "withdrawn"
	Count int64
}

// view is an Input with its parts matched: the series and caps of the decision
// with those of the offer.
type view struct {
	Input
	words  vocabulary
	series []seriesView // by index of Alloc.Series, or of Terms.Series at launch
	caps   []capView    // by index of Alloc.Caps
}

type seriesView struct {
	*offer.Series
	terms *allocation.Series // nil at launch
	sum   seriesSum
}

// seriesSum is what a decision says of one series, in minor units.
type seriesSum struct {
	count                   int64
	tendered, early         int64 // principal that counts; early is part of it
	accepted                int64 // in this run and, see before, earlier
	before                  int64 // accepted in an earlier, settled run: part of accepted
	tenderedBefore          int64 // in that run, where its summary is at hand; not part of tendered
	consideration, interest int64 // of this run
}

type capView struct {
	name     string
	currency money.Currency
	*allocation.Cap
}

// look matches the parts of an input and refuses one whose parts do not belong
// together.
func look(in Input) (*view, error) {
	v := &view{Input: in, words: in.Vocabulary.words()}
	if in.Terms == nil {
		return nil, fmt.Errorf("report has no terms")
	}
	if len(in.Terms.Series) > 0 && in.Terms.Series[0].Unit == "shares" {
		v.words = v.words.ofShares()
	}
	if in.Decision == nil || in.Alloc == nil {
		for i := range in.Terms.Series {
			v.series = append(v.series, seriesView{Series: &in.Terms.Series[i]})
		}
		return v, nil
	}
	byID := map[string]*offer.Series{}
	for i := range in.Terms.Series {
		byID[in.Terms.Series[i].ID] = &in.Terms.Series[i]
	}
	for i := range in.Alloc.Series {
		s := &in.Alloc.Series[i]
		named, ok := byID[s.ID]
		if !ok {
			return nil, fmt.Errorf("decision has series %q, the terms do not", s.ID)
		}
		v.series = append(v.series, seriesView{Series: named, terms: s})
	}
	if len(in.Decision.Caps) != len(in.Alloc.Caps) {
		return nil, fmt.Errorf("decision has %d caps, its terms %d", len(in.Decision.Caps), len(in.Alloc.Caps))
	}
	if in.Tendered != nil && len(in.Tendered) != len(v.series) {
		return nil, fmt.Errorf("tendered principal is given for %d series, the terms have %d", len(in.Tendered), len(v.series))
	}
	if err := v.lookCaps(); err != nil {
		return nil, err
	}
	v.addUp()
	return v, v.addEarlier()
}

func (v *view) lookCaps() error {
	byName := map[string]money.Currency{}
	for _, c := range v.Terms.Caps {
		byName[c.Name] = c.Amount.Currency
	}
	for i := range v.Alloc.Caps {
		c := &v.Alloc.Caps[i]
		if c.Own {
			s := v.series[c.Series[0]]
			v.caps = append(v.caps, capView{v.words.Maximum + ", " + s.Title, v.notes(s.Currency), c})
			continue
		}
		currency, ok := byName[c.Name]
		if !ok {
			return fmt.Errorf("decision has cap %q, the terms do not", c.Name)
		}
		v.caps = append(v.caps, capView{c.Name, currency, c})
	}
	return nil
}

// addUp adds the lines of the decision up by series. A tender takes part at
// its first place with all its principal and at later ones with the rest, so
// only first places count as tendered.
func (v *view) addUp() {
	for _, step := range v.Decision.Steps {
		for _, l := range step.Lines {
			sum := &v.series[l.Series].sum
			if l.Place == 0 {
				sum.tendered += l.Tendered
				sum.count += l.Count
				if l.Timing == allocation.Early {
					sum.early += l.Tendered
				}
			}
			sum.accepted += l.Accepted
			sum.consideration += l.Consideration
			sum.interest += l.Interest
		}
	}
	for _, x := range v.Decision.Dropped {
		sum := &v.series[x.Series].sum
		sum.count++
		sum.tendered += x.Principal
		if x.Timing == allocation.Early {
			sum.early += x.Principal
		}
	}
	for i := range v.series {
		sum := &v.series[i].sum
		if v.Tendered != nil {
			t := v.Tendered[i]
			sum.tendered, sum.early, sum.count = t.Early+t.Late, t.Early, t.Count
		}
		if settled := v.Alloc.Settled; settled != nil && i < len(settled.Taken) {
			for _, taken := range settled.Taken[i] {
				sum.before += taken
			}
		}
		sum.accepted += sum.before
	}
}

// addEarlier takes what was tendered in a settled run from its summary.
func (v *view) addEarlier() error {
	if v.Earlier == nil || v.Alloc.Settled == nil {
		return nil
	}
	for i := range v.series {
		s := &v.series[i]
		for _, e := range v.Earlier.Series {
			if e.Series != s.ID {
				continue
			}
			tendered, err := money.ParseAmount(e.Tendered, s.Currency)
			if err != nil {
				return summaryError(fmt.Sprintf("of the settled run: series %q: tendered %v", e.Series, err))
			}
			s.sum.tenderedBefore = tendered.Minor
		}
	}
	return nil
}

// boundBy names what cut a line, or gives "".
func (v *view) boundBy(l allocation.Line) string {
	switch {
	case l.BoundBy < 0:
		return ""
	case l.BoundBy < len(v.caps):
		if v.caps[l.BoundBy].Own {
			return v.words.ownMaximum
		}
		return v.caps[l.BoundBy].name
	}
	place := v.series[l.Series].terms.Places[l.BoundBy-len(v.caps)]
	return fmt.Sprintf("up to %s at level %d",
		principalText(place.UpTo, v.notes(v.series[l.Series].Currency)), place.Level)
}

// currencies lists the currencies of the series, in their order.
func (v *view) currencies() []money.Currency {
	var all []money.Currency
	seen := map[string]bool{}
	for _, s := range v.series {
		if !seen[s.Currency.Code] {
			seen[s.Currency.Code] = true
			all = append(all, s.Currency)
		}
	}
	return all
}
