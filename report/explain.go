package report

import (
	"fmt"
	"math/big"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
)

// A Fate says whether an instruction counted.
type Fate uint8

// The fates.
const (
	Counted      Fate = iota
	ReceivedLate      // after the expiration
	Withdrawn         // in time
	Invalid           // Subject.Defect says why
	Terminated        // the offer for its series was; Subject.Defect says why
	Consent           // it consents without a tender: Subject.Consented says for how much
)

// A Subject is the instruction that is explained.
type Subject struct {
	Instruction string
	Participant string // who sent it; named where the terms prorate by participant
	Account     string // shown by its last four characters
	Received    time.Time
	Series      int   // index into Alloc.Series
	Asked       int64 // principal first tendered, minor units
	Fate        Fate
	Defect      string // why it is not valid, in a few words

	// Of a consent without a tender, in minor units: the principal for which it
	// stands, what it is paid, and, where that is nothing although the terms pay for
	// it, why.
	Consented   int64
	Timing      allocation.Timing
	ConsentPaid int64
	Unpaid      string

	// Of an instruction that counted:
	Tender  allocation.Tender
	Outcome allocation.Outcome
}

// A WhatIfKind names what was changed in a rerun.
type WhatIfKind uint8

// The changes. Other needs a label.
const (
	OtherChange   WhatIfKind = iota
	AfterEarly               // received after the early tender deadline
	BeforeEarly              // received before it
	CapAmount                // the cap named Cap at Amount
	MorePrincipal            // Amount more tendered
)

// A WhatIf is the outcome of the same tender in a decision made again with one
// thing changed. The caller changes and decides; nothing is computed here.
type WhatIf struct {
	Kind    WhatIfKind
	Label   string // for OtherChange: "level 2 served first"
	Cap     string
	Amount  money.Amount
	Outcome allocation.Outcome
	Factor  *big.Rat // of the tender's series in the rerun; nil: not shown
}

// An Explanation says why an instruction got what it got, from the answer in a
// sentence down to the sum.
type Explanation struct {
	Offer       string    `json:"offer"`
	Title       string    `json:"title"`
	Instruction string    `json:"instruction"`
	AsOf        string    `json:"as_of"`
	Reason      string    `json:"reason"`   // short phrase
	Currency    string    `json:"currency"` // of the series
	Tendered    string    `json:"tendered"` // plain decimals
	Accepted    string    `json:"accepted"`
	Returned    string    `json:"returned"`
	Cash        string    `json:"cash"`
	Provisional string    `json:"provisional,omitempty"` // says that this is no result yet, where it is none; the caller's
	Answer      string    `json:"answer"`
	Facts       []Fact    `json:"facts"`
	Sum         []SumLine `json:"sum"`
	Money       []SumLine `json:"money"`
	Rest        []string  `json:"rest"`
	WouldChange []string  `json:"would_change,omitempty"`
	Proof       []Fact    `json:"proof,omitempty"` // where the record has it; the caller's
}

// A Fact is one thing on record about the instruction.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

// A SumLine is one line of the sum.
type SumLine struct {
	Label  string `json:"label"`
	Value  string `json:"value"`            // as people read it
	Source string `json:"source,omitempty"` // where it comes from or what it means
	Result bool   `json:"result,omitempty"` // a line to set apart
}

// Explain says why an instruction got what it got. It needs a decision and,
// for an instruction that counted, its outcome there. What would have changed it
// is told for each rerun that the caller hands in, in their order.
func Explain(in Input, s Subject, changed ...WhatIf) (*Explanation, error) {
	v, err := lookDecided(in, "explanation")
	if err != nil {
		return nil, err
	}
	if s.Series < 0 || s.Series >= len(v.series) {
		return nil, fmt.Errorf("instruction %q is of series %d, the terms have %d", s.Instruction, s.Series, len(v.series))
	}
	if s.Fate == Consent && v.series[s.Series].Consent == nil {
		return nil, fmt.Errorf("instruction %q is a consent, and series %s asks for none", s.Instruction, v.series[s.Series].ID)
	}
	if s.Fate != Counted {
		s.Tender, s.Outcome = allocation.Tender{}, allocation.Outcome{} // what does not count gets nothing
	}
	x := &explainer{view: v, Subject: s, of: v.series[s.Series]}
	if s.Fate == Consent {
		return x.explainConsent(), nil
	}
	if s.Fate == Counted {
		if s.Outcome.Accepted+s.Outcome.Returned != s.Tender.Principal || s.Tender.Series != s.Series {
			return nil, fmt.Errorf("instruction %q: outcome of %d accepted and %d returned is not of its %d",
				s.Instruction, s.Outcome.Accepted, s.Outcome.Returned, s.Tender.Principal)
		}
		x.decide()
	}
	return x.explain(changed), nil
}

// An explainer holds what the parts of an explanation look at.
type explainer struct {
	*view
	Subject
	of   seriesView
	at   *allocation.Share   // the share that decided: the last that was cut, else the last
	step *allocation.Step    // of that share
	line *allocation.Line    // of that share
	cap  *allocation.StepCap // the cap that decided, as the step found it; nil: none covers the series
}

func (x *explainer) decide() {
	shares := x.Outcome.Shares
	for i := len(shares) - 1; i >= 0; i-- {
		s := &shares[i]
		if x.Decision.Steps[s.Step].Lines[s.Line].BoundBy >= 0 {
			x.at = s
			break
		}
	}
	if x.at == nil && len(shares) > 0 {
		x.at = &shares[len(shares)-1]
	}
	if x.at == nil {
		return
	}
	x.step = &x.Decision.Steps[x.at.Step]
	x.line = &x.step.Lines[x.at.Line]
	x.cap = x.tightest(x.step, x.line)
	for i := range x.step.Caps {
		if x.step.Caps[i].Cap == x.line.BoundBy {
			x.cap = &x.step.Caps[i]
		}
	}
}

func (x *explainer) explain(changed []WhatIf) *Explanation {
	e := &Explanation{
		Offer: x.Terms.ID, Title: x.Terms.Title, Instruction: x.Instruction,
		AsOf: x.asOf().Format(time.RFC3339), Currency: x.of.Currency.Code,
		Answer: x.answer(), Facts: x.facts(), Sum: x.sum(), Money: x.money(), Rest: x.rest(),
	}
	accepted, returned := x.Outcome.Accepted, x.Outcome.Returned
	if x.Fate != Counted {
		returned = x.Asked
	}
	e.Reason = x.reason()
	e.Tendered = money.New(accepted+returned, x.of.Currency).String()
	e.Accepted = money.New(accepted, x.of.Currency).String()
	e.Returned = money.New(returned, x.of.Currency).String()
	e.Cash = money.New(x.exchanged().Cash+x.Outcome.Interest, x.of.Currency).String()
	for _, w := range changed {
		e.WouldChange = append(e.WouldChange, x.wouldChange(w))
	}
	return e
}

func (x *explainer) reason() string {
	switch x.Fate {
	case ReceivedLate:
		return "received after the expiration"
	case Withdrawn:
		return "withdrawn"
	case Invalid:
		return "not valid"
	case Terminated:
		return "returned: terminated, " + x.Defect
	}
	return x.Decision.Reason(x.Outcome)
}
