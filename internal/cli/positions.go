package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/internal/bookfile"
	"tenderbook/money"
	"tenderbook/offer"
)

// positionColumns are those of a file of positions, all of them needed.
var positionColumns = []string{"participant", "series", "principal"}

func (p *program) positionsCommand() *cobra.Command {
	w := &workspace{program: p}
	var from, source string
	c := &cobra.Command{
		Use:   "positions ID",
		Short: "Shows what participants hold, or puts it on record.",
		Example: `tender positions LVLT-2004 --as ann
tender positions LVLT-2004 --from positions.csv --source DTC --as ann`,
		Long: `The file has the columns participant, series and principal. It replaces what was
on record for the participants and series that it names. From then on a tender
that is more than the position leaves room for is refused; what was taken before
stays, and is listed here as over.`,
		Args: arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			switch {
			case from != "":
				return w.bringPositions(ctx, args[0], from, firstOf(source, filepath.Base(from)))
			case source != "":
				return usagef("", "--source is given without --from")
			}
			return w.showPositions(ctx, args[0])
		}),
	}
	w.writing(c)
	c.Flags().StringVar(&from, "from", "", "`FILE` of positions, CSV")
	c.Flags().StringVar(&source, "source", "", "`WHO` says so (default the file's name)")
	return c
}

func (w *workspace) bringPositions(ctx context.Context, id, name, source string) error {
	f, err := os.Open(name)
	if err != nil {
		return cannot("read", name, err)
	}
	defer f.Close()
	positions := &book.Positions{Source: source}
	err = w.look(ctx, id, func(s *book.State) error {
		if !s.May(w.actor, book.MayReview) { // nothing is told to who may not bring them; the record denies it
			positions.List = []book.Position{{Participant: unread, Series: unread}}
			return nil
		}
		if s.Terms() == nil {
			return answered{exitTooLate, fmt.Errorf("offer %s has no terms yet", id)}
		}
		r, err := newRowReader(name, f, s.Terms(), nil)
		if err != nil {
			return err
		}
		positions.List, err = r.positions()
		return err
	})
	if err != nil {
		return err
	}
	a, err := w.do(ctx, id, positions)
	if err != nil {
		return err
	}
	return w.tell(a, "%s of %s on record, as %s says", plural(len(positions.List), "position", "positions"), id, source)
}

// positions reads a file of positions, or refuses all of it with its problems.
func (r *rowReader) positions() ([]book.Position, error) {
	if err := r.header(positionColumns, positionColumns); err != nil {
		return nil, err
	}
	var (
		list    []book.Position
		refused = &bookfile.Refused{Name: r.name}
		line    = map[[2]string]int64{} // by participant and series
	)
	for {
		err := r.fetch()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(r.problems) > 0 {
			r.leaveOut(refused)
			continue
		}
		x := book.Position{Participant: r.field("participant"), Series: r.series()}
		x.Principal = r.held(x)
		k := [2]string{x.Participant, x.Series}
		if line[k] > 0 {
			r.refuse("participant", fmt.Sprintf("has its position in series %q on line %d already", x.Series, line[k]))
		}
		line[k] = r.line
		if len(r.problems) > 0 {
			r.leaveOut(refused)
		}
		list = append(list, x)
	}
	switch {
	case refused.Total > 0:
		return nil, refused
	case len(list) == 0:
		return nil, answered{exitRefused, fmt.Errorf("%s has no position", r.name)}
	}
	return list, nil
}

// held reads the principal of a position: 0 or more.
func (r *rowReader) held(x book.Position) int64 {
	if x.Participant == "" {
		r.refuse("participant", "is empty")
	}
	var series *offer.Series
	for i := range r.terms.Series {
		if r.terms.Series[i].ID == x.Series {
			series = &r.terms.Series[i]
		}
	}
	if series == nil {
		r.refuse("series", r.names.Unknown(x.Series))
		return 0
	}
	a, err := money.ParseAmount(r.field("principal"), series.Currency)
	if err != nil || a.Minor < 0 {
		r.refuse("principal", "is no amount of "+series.Currency.Code+" from 0 on, such as 1,000,000")
	}
	return a.Minor
}

// A heldJSON is a line of "tender positions --json".
type heldJSON struct {
	Participant string `json:"participant"`
	Series      string `json:"series"`
	Currency    string `json:"currency"`
	Holds       string `json:"holds,omitempty"` // empty: not on record
	Tendered    string `json:"tendered"`
	Over        string `json:"over,omitempty"` // tendered beyond what is held
}

func (w *workspace) showPositions(ctx context.Context, id string) error {
	lines := []heldJSON{}
	g := grid{{"Participant", "Series", "", ">Holds", ">Tendered", ">Room"}}
	err := w.see(ctx, id, book.Inquiry{Subject: book.SeePositions}, func(s *book.State) error {
		for _, x := range s.Positions() {
			if !s.Sees(w.actor, x.Participant) {
				continue
			}
			currency := currencyOf(s, x.Series)
			line := heldJSON{Participant: x.Participant, Series: x.Series, Currency: currency.Code, Tendered: money.New(x.Tendered, currency).String()}
			holds, room := "not on record", ""
			if x.Known {
				line.Holds = money.New(x.Holds, currency).String()
				holds, room = money.New(x.Holds, currency).Grouped(), money.New(x.Holds-x.Tendered, currency).Grouped()
			}
			if over := x.Over(); over > 0 {
				line.Over = money.New(over, currency).String()
				room = "over by " + money.New(over, currency).Grouped()
			}
			lines = append(lines, line)
			g.add(x.Participant, x.Series, currency.Code, holds, money.New(x.Tendered, currency).Grouped(), room)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case w.json:
		return w.printJSON(lines)
	}
	g.write(w.Out)
	return nil
}
