package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/money"
	"tenderbook/offer"
)

// A reviewing is "tender review" with its flags.
type reviewing struct {
	*workspace
	defect, reject, why    string
	cure, block, askWaiver bool
}

func (p *program) reviewCommand() *cobra.Command {
	r := &reviewing{workspace: &workspace{program: p}}
	c := &cobra.Command{
		Use:   "review ID INSTRUCTION",
		Short: "Shows an instruction, or records what its examination found.",
		Example: `tender review LVLT-2004 I-000731 --as ann
tender review LVLT-2004 I-000731 --defect "no medallion guarantee" --as ann`,
		Long: `A defective tender does not count until it is cured or its defect is waived; a
rejected one is returned. To waive is for the offeror, and needs two persons:
"tender offer waive ID INSTRUCTION". "tender status ID --problems" lists what is
defective or late.`,
		Args: arguments(2, 2, "ID and INSTRUCTION"),
		RunE: r.in(func(ctx context.Context, args []string) error { return r.review(ctx, args[0], args[1]) }),
	}
	r.writing(c)
	flags := c.Flags()
	flags.StringVar(&r.defect, "defect", "", "`WHAT` is wrong with it")
	flags.BoolVar(&r.cure, "cure", false, "the defect is mended")
	flags.BoolVar(&r.askWaiver, "ask-waiver", false, "the offeror is asked to waive the defect or lateness")
	flags.BoolVar(&r.block, "block", false, "the depository has blocked the notes")
	flags.StringVar(&r.reject, "reject", "", "`WHY` it is returned, after a defect")
	flags.StringVar(&r.why, "why", "", "`REASON`, for the record, of the other findings")
	return c
}

// found is what the flags say was found; nil: nothing, the instruction is shown.
func (r *reviewing) found(instruction string) (*book.Review, error) {
	var all []book.Review
	for _, x := range [...]struct {
		given  bool
		action string
		why    string
	}{
		{r.defect != "", "defect", r.defect},
		{r.cure, "cure", r.why},
		{r.askWaiver, "ask-waiver", r.why},
		{r.block, "block", r.why},
		{r.reject != "", "reject", r.reject},
	} {
		if x.given {
			all = append(all, book.Review{Action: x.action, Instruction: instruction, Why: x.why})
		}
	}
	switch {
	case len(all) > 1:
		return nil, usagef("", "--%s and --%s are given: needs one finding at a time", all[0].Action, all[1].Action)
	case len(all) == 0 && r.why != "":
		return nil, usagef("", "--why is given without a finding")
	case r.why != "" && (r.defect != "" || r.reject != ""):
		return nil, usagef("", "--why is given twice: --%s has the reason", all[0].Action)
	case len(all) == 0:
		return nil, nil
	}
	return &all[0], nil
}

func (r *reviewing) review(ctx context.Context, id, instruction string) error {
	finding, err := r.found(instruction)
	if err != nil {
		return err
	}
	if finding == nil {
		return r.showInstruction(ctx, id, instruction)
	}
	if _, err := r.head(ctx, id); err != nil {
		return err
	}
	a, err := r.do(ctx, id, finding)
	if err != nil {
		return err
	}
	life := book.Life(0)
	err = r.look(ctx, id, func(s *book.State) error { x, _ := s.Instruction(instruction); life = x.Life; return nil })
	if err != nil {
		return err
	}
	return r.tell(a, "%s: %s recorded; it is %s now", instruction, finding.Action, life)
}

func (w *workspace) showInstruction(ctx context.Context, id, instruction string) error {
	var b bytes.Buffer
	about := book.Inquiry{Subject: book.SeeInstructions, Of: instruction}
	err := w.see(ctx, id, about, func(s *book.State) error {
		x, ok := s.Instruction(instruction)
		if !ok {
			return w.noInstruction(s, instruction)
		}
		events, err := w.events(ctx, s, x)
		if err != nil {
			return err
		}
		if w.json {
			return w.printJSON(shownInstruction(s, x, events))
		}
		writeInstruction(&b, s, x, events)
		w.proposedFor(&b, s, x)
		return nil
	})
	if err == nil {
		_, err = w.Out.Write(b.Bytes())
	}
	return err
}

// proposedFor says which waivers of an instruction are proposed.
func (w *workspace) proposedFor(out io.Writer, s *book.State, x book.Instruction) {
	for _, q := range w.proposals(s) {
		if q.What == book.WaiveDefect && q.Subject == x.ID && q.Decider == "" {
			fmt.Fprintf(out, "\n  %s %s, by %s: %s%s\n", proposalName(q.Seq), what(&q.Proposal), q.Maker, q.State, hindered(&q))
		}
	}
}

// noInstruction answers who asks for an instruction that is not on record.
func (w *workspace) noInstruction(s *book.State, instruction string) error {
	return answered{exitRefused, fmt.Errorf("offer %s has no instruction %q", s.Offer(), instruction)}
}

// A toldEvent is an event in the life of an instruction, with who brought it.
type toldEvent struct {
	book.Happening
	By, Why string
}

// events are what happened to an instruction since it came.
func (w *workspace) events(ctx context.Context, s *book.State, x book.Instruction) ([]toldEvent, error) {
	events := s.Events(x.ID)
	told := make([]toldEvent, len(events))
	for i, e := range events {
		by, why, err := w.whoAndWhy(ctx, s.Offer(), e.Seq)
		if err != nil {
			return nil, err
		}
		told[i] = toldEvent{e, by, why}
	}
	return told, nil
}

func writeInstruction(out io.Writer, s *book.State, x book.Instruction, events []toldEvent) {
	currency := currencyOf(s, x.Series)
	amount := func(minor int64) string { return currency.Code + " " + money.New(minor, currency).Grouped() }
	fmt.Fprintf(out, "%s  %s of series %s by %s  %s\n", x.ID, x.Action, x.Series, x.Participant, x.Life)
	lines := grid{{"", ""}}
	lines.add("Received", fmt.Sprintf("%s, %s, in #%d row %d", moment(x.Received, s.Terms()), x.Timing, x.Seq, x.Row+1))
	lines.add("Principal", amount(x.Principal))
	for _, l := range [...]struct {
		name string
		show bool
		text string
	}{
		{"Left", x.RefersTo == "" && x.Left != x.Principal, amount(x.Left)},
		{"Delivered", x.Action == book.Guarantee, amount(x.Delivered)},
		{"Accepted", x.Accepted > 0, amount(x.Accepted)},
		{"At least", x.AtLeast > 0, amount(x.AtLeast)},
		{"Bid", x.HasBid, x.Bid.String()},
		{"Refers to", x.RefersTo != "", x.RefersTo},
		{"Account", x.Account != "", x.Account},
		{"Holder", x.Holder != "", x.Holder},
	} {
		if l.show {
			lines.add(l.name, l.text)
		}
	}
	lines.write(out)
	if len(events) == 0 {
		return
	}
	fmt.Fprintln(out)
	g := grid{{"Entry", "When", "What", ">Amount", "Then", "By", "Why"}}
	for _, e := range events {
		sum := ""
		if e.Amount != 0 {
			sum = money.New(e.Amount, currency).Grouped()
		}
		g.add(fmt.Sprintf("#%d", e.Seq), moment(e.At, s.Terms()), e.Event.String(), sum, e.Life.String(), e.By, e.Why)
	}
	g.write(out)
}

// currencyOf is the currency of a series in whatever version of the terms has it.
func currencyOf(s *book.State, series string) money.Currency {
	return seriesOf(s, series).Currency
}

func seriesOf(s *book.State, id string) (found offer.Series) {
	for _, v := range s.History().Versions() {
		for i := range v.Terms.Series {
			if v.Terms.Series[i].ID == id {
				found = v.Terms.Series[i]
			}
		}
	}
	return found
}

// An instructionJSON is what "tender review --json" prints of an instruction.
type instructionJSON struct {
	Instruction string      `json:"instruction"`
	Action      string      `json:"action"`
	State       string      `json:"state"`
	Series      string      `json:"series"`
	Participant string      `json:"participant"`
	Account     string      `json:"account,omitempty"`
	Holder      string      `json:"holder,omitempty"`
	Received    time.Time   `json:"received"`
	Timing      string      `json:"timing"`
	Seq         uint64      `json:"seq"`
	Row         int         `json:"row"` // of the entry, from 1
	Currency    string      `json:"currency"`
	Principal   string      `json:"principal"`
	Left        string      `json:"left"`
	Delivered   string      `json:"delivered,omitempty"`
	Accepted    string      `json:"accepted,omitempty"`
	AtLeast     string      `json:"at_least,omitempty"`
	Bid         string      `json:"bid,omitempty"`
	RefersTo    string      `json:"refers_to,omitempty"`
	Events      []eventJSON `json:"events"`
}

type eventJSON struct {
	Seq    uint64    `json:"seq"`
	At     time.Time `json:"at"`
	Event  string    `json:"event"`
	State  string    `json:"state"` // after it
	Amount string    `json:"amount,omitempty"`
	By     string    `json:"by"`
	Why    string    `json:"why,omitempty"`
}

func shownInstruction(s *book.State, x book.Instruction, events []toldEvent) instructionJSON {
	currency := currencyOf(s, x.Series)
	some := func(minor int64) string {
		if minor == 0 {
			return ""
		}
		return money.New(minor, currency).String()
	}
	out := instructionJSON{
		Instruction: x.ID, Action: x.Action.String(), State: x.Life.String(), Series: x.Series, Participant: x.Participant, Account: x.Account, Holder: x.Holder,
		Received: x.Received, Timing: x.Timing.String(), Seq: x.Seq, Row: x.Row + 1, Currency: currency.Code, Principal: money.New(x.Principal, currency).String(),
		Left: money.New(x.Left, currency).String(), Delivered: some(x.Delivered), Accepted: some(x.Accepted), AtLeast: some(x.AtLeast), RefersTo: x.RefersTo,
		Events: []eventJSON{},
	}
	if x.HasBid {
		out.Bid = x.Bid.String()
	}
	for _, e := range events {
		out.Events = append(out.Events, eventJSON{e.Seq, e.At, e.Event.String(), e.Life.String(), some(e.Amount), e.By, e.Why})
	}
	return out
}
