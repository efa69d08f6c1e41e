package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/offer"
)

// offerCommand is "tender offer": the terms of an offer and all that changes
// them.
func (p *program) offerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "offer COMMAND",
		Short: "Drafts, launches, changes and ends offers of a workspace.",
		Example: `tender offer new examples/level3-2004/offer.yaml --as ann
tender offer launch LVLT-2004 --as ann
tender approve LVLT-2004 P-3 --confirm LVLT-2004 --as bob`,
		Long: `What binds anybody is proposed by one person and approved by another: a command
here makes a proposal, prints what it changes, and "tender approve" does it.
` + workspaceHelp,
		Args: knownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.offerNewCommand(), p.offerListCommand(), p.offerShowCommand(), p.offerDiffCommand(), p.offerLaunchCommand(), p.offerAmendCommand(),
		p.offerExtendCommand(), p.offerPriceCommand(), p.offerWaiveCommand(), p.offerSettleCommand(), p.offerTerminateCommand(), p.offerLapseCommand())
	return c
}

func (p *program) offerNewCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "new OFFER",
		Short:   "Puts the draft of an offer on record.",
		Example: "tender offer new examples/level3-2004/offer.yaml --as ann",
		Long: `Who drafts an offer first becomes its administrator and operator. Until the
launch a new draft takes the place of the one before. The workspace is made if
it is not there.`,
		Args: arguments(1, 1, "OFFER"),
		RunE: w.opened(true, func(ctx context.Context, args []string) error { return w.draft(ctx, args[0]) }),
	}
	w.writing(c)
	return c
}

// draft puts an offer file on record, after reading it here: what is wrong with
// it is listed with its places and goes nowhere.
func (w *workspace) draft(ctx context.Context, name string) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, "offer.yaml")
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return cannot("read", name, err)
	}
	h, err := history([]source{{name, data}})
	if err != nil {
		return w.refuse(err)
	}
	for _, warning := range h.Warnings() {
		fmt.Fprintln(w.Err, w.paint(yellow, "warning"), warning)
	}
	id := h.Final().ID
	before, err := w.store.Head(ctx, id)
	if err != nil {
		return err
	}
	a, err := w.do(ctx, id, &book.Offer{Name: filepath.Base(name), File: string(data)})
	if err != nil {
		return err
	}
	if before.Seq > 0 {
		return w.tell(a, "%s drafted", id)
	}
	return w.tell(a, "%s drafted; %s is its administrator and operator", id, w.actor)
}

func (p *program) offerListCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "list",
		Short:   "Lists the offers on which the user has a role.",
		Example: "tender offer list --as ann",
		Args:    arguments(0, 0, "none"),
		RunE:    w.in(func(ctx context.Context, _ []string) error { return w.list(ctx) }),
	}
	w.reading(c)
	return c
}

// A listed is an offer in a list.
type listedOffer struct {
	Offer   string `json:"offer"`
	Offeror string `json:"offeror"`
	Life    string `json:"life"`
	Seq     uint64 `json:"seq"`
	Expires string `json:"expiration"`

	Pending []string `json:"pending_proposals"` // that the user sees
}

func (w *workspace) list(ctx context.Context) error {
	ids, err := w.offers(ctx)
	if err != nil {
		return err
	}
	all := []listedOffer{}
	for _, id := range ids {
		err := w.desk.View(ctx, id, func(s *book.State) error {
			at := s.At(w.now())
			x := listedOffer{Offer: id, Life: at.Life.String(), Seq: s.Head().Seq, Pending: w.waiting(s)}
			if at.Terms != nil && w.sees(s, book.SeeTerms) {
				x.Offeror, x.Expires = at.Terms.Offeror, at.Terms.Dates.Expiration.String()
			}
			all = append(all, x)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if w.json {
		return w.printJSON(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintf(w.Out, "no offer on which %q has a role\n", w.actor)
		return err
	}
	g := grid{{"Offer", "Life", "Expiration", ">Entries", "Offeror", "Waits for approval"}}
	for _, x := range all {
		g.add(x.Offer, x.Life, x.Expires, grouped(int64(x.Seq)), x.Offeror, strings.Join(x.Pending, " "))
	}
	g.write(w.Out)
	return nil
}

func (p *program) offerShowCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "show ID",
		Short:   "Shows an offer: its life, terms, people and proposals.",
		Example: "tender offer show LVLT-2004 --as ann",
		Args:    arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			var b bytes.Buffer
			err := w.see(ctx, args[0], book.Inquiry{Subject: book.SeeTerms}, func(s *book.State) error {
				if w.json {
					return w.printJSON(w.shown(s))
				}
				return w.show(&b, s)
			})
			if err == nil {
				_, err = w.Out.Write(b.Bytes())
			}
			return err
		}),
	}
	w.looking(c)
	return c
}

func (w *workspace) show(out io.Writer, s *book.State) error {
	at := s.At(w.now())
	if at.Terms == nil {
		fmt.Fprintf(out, "%s  %s  as of #%d\n", s.Offer(), at.Life, s.Head().Seq)
		return nil
	}
	w.title(out, s, at)
	if err := showTerms(out, at.Terms, w.tableWidth()); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nPeople")
	people := grid{{"User", "Role", "For"}}
	for _, h := range w.people(s) {
		user := h.Actor
		if h.Person != h.Actor {
			user += " (" + h.Person + ")"
		}
		people.add(user, string(h.Role), h.Participant)
	}
	people.write(out)
	w.showProposals(out, s, at.Terms)
	return nil
}

// title is the first line of what is said of an offer.
func (w *workspace) title(out io.Writer, s *book.State, at book.Standing) {
	fmt.Fprintf(out, "%s  %s  %s  as of #%s\n", w.paint(bold, s.Offer()), at.Terms.Offeror, w.paint(green, at.Life.String()), grouped(int64(s.Head().Seq)))
}

func (w *workspace) showProposals(out io.Writer, s *book.State, t *offer.Terms) {
	all := w.proposals(s)
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(out, "\nProposals")
	g := grid{{"", "What", "By", "State", "Expires", "Digest"}}
	for _, x := range all {
		state := x.State.String()
		if x.Decider != "" {
			state += " by " + x.Decider
		}
		g.add(proposalName(x.Seq), what(&x.Proposal), x.Maker, state, moment(x.Expires, t), x.Digest[:16])
	}
	g.write(out)
}

// A shownOffer is what "tender offer show --json" prints.
type shownOffer struct {
	Offer       string          `json:"offer"`
	Life        string          `json:"life"`
	Seq         uint64          `json:"seq"`
	TermsDigest string          `json:"terms_digest"`
	Roles       []shownRole     `json:"roles"`
	Proposals   []shownProposal `json:"proposals"`
}

type shownRole struct {
	User        string `json:"user"`
	Person      string `json:"person"`
	Role        string `json:"role"`
	Participant string `json:"participant,omitempty"`
}

type shownProposal struct {
	Proposal string `json:"proposal"`
	What     string `json:"what"`
	Maker    string `json:"maker"`
	State    string `json:"state"`
	Why      string `json:"why_not,omitempty"` // of one that nobody decided: why it would be refused now
	Decider  string `json:"decider,omitempty"`
	Digest   string `json:"digest"`
	Expires  string `json:"expires"`
}

func whyNot(x *book.Proposed) string {
	if x.Hinders == nil {
		return ""
	}
	return x.Hinders.Error()
}

func (w *workspace) shown(s *book.State) shownOffer {
	x := shownOffer{
		Offer: s.Offer(), Life: s.At(w.now()).Life.String(), Seq: s.Head().Seq, TermsDigest: s.TermsDigest(),
		Roles: []shownRole{}, Proposals: []shownProposal{},
	}
	for _, h := range w.people(s) {
		x.Roles = append(x.Roles, shownRole{h.Actor, h.Person, string(h.Role), h.Participant})
	}
	for _, q := range w.proposals(s) {
		x.Proposals = append(x.Proposals, shownProposal{
			proposalName(q.Seq), what(&q.Proposal), q.Maker, q.State.String(), whyNot(&q), q.Decider, q.Digest, q.Expires.Format("2006-01-02T15:04:05Z07:00"),
		})
	}
	return x
}
