package cli

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"tenderbook/journal"
)

// damaged is what "tender verify" found wrong.
type damaged struct{ error }

func (d damaged) Unwrap() error { return d.error }

// A verifying is "tender verify": what is checked, and against what.
type verifying struct {
	*workspace
	bundle string

	rowFiles, receiptFiles, knownFiles, resultFiles, trust []string

	receipts []kept
	known    []journal.Checkpoint
	keys     journal.Keys // nil: none is trusted, so no signature says whose it is
}

func (p *program) verifyCommand() *cobra.Command {
	v := &verifying{workspace: &workspace{program: p}}
	c := &cobra.Command{
		Use:   "verify ID|FILE",
		Short: "Checks an offer's record, or any file that proves something of it.",
		Example: `tender verify LVLT-2004
tender verify --bundle lvlt-2004.bundle --key agent.pub --checkpoint kept.note
tender verify result.json --row I-000731.json
tender verify I-000731.receipt --key agent.pub`,
		Long: `ID is an offer of the workspace: its journal is read again from the first entry,
all is decided anew, and results, receipts and checkpoints are worked out again.
FILE is known by what it holds: a result, a receipt, a signed checkpoint, a
consistency proof, or the bundle of an offer; for files no workspace is needed.
What is wrong is named with its place: exit code 6; what is no such file is
refused: 3. What could not be checked is said too. docs/verify.md says what
each check proves.`,
		Args: arguments(0, 1, "ID or FILE"),
		RunE: func(c *cobra.Command, args []string) error { return v.run(c, args) },
	}
	v.opening(c)
	f := c.Flags()
	f.StringVar(&v.bundle, "bundle", "", "`FILE` that is a bundle, without its workspace")
	f.StringArrayVar(&v.trust, "key", nil, "public `KEY` to trust, or a file of it; may be given again")
	f.StringArrayVar(&v.knownFiles, "checkpoint", nil, "`FILE` of a checkpoint kept from earlier, all of whose entries must still be there")
	f.StringArrayVar(&v.receiptFiles, "receipt", nil, "`FILE` of receipts, with an offer or bundle")
	f.StringArrayVar(&v.resultFiles, "result", nil, "`FILE` of a published result, with an offer or bundle")
	f.StringArrayVar(&v.rowFiles, "row", nil, "`FILE` of a tender, with a result; may be given again")
	return c
}

func (v *verifying) run(c *cobra.Command, args []string) error {
	if (v.bundle == "") == (len(args) == 0) {
		return usagef("", "needs either ID or FILE, or --bundle FILE")
	}
	var err error
	if v.keys, err = publicKeys(v.trust); err != nil {
		return err
	}
	if err := v.readGiven(); err != nil {
		return err
	}
	name, kind := v.bundle, aBundle
	if name == "" {
		name = args[0]
		if kind, err = kindOfFile(name); err != nil {
			return err
		}
	}
	if err := v.fits(name, kind); err != nil {
		return err
	}
	switch kind {
	case noFile:
		return v.inWorkspace(c, name)
	case aBundle:
		return v.verifyBundle(name)
	case aWorkspace:
		return usagef(`"tender verify ID --db `+name+`", or "tender admin verify --db `+name+`" for all of them`, "%s is a workspace: name an offer of it", name)
	case aResult:
		return v.verifyResult(name)
	case aResultNote:
		return v.verifyNote(name)
	case aRow:
		return usagef(`"tender verify RESULT --row `+name+`"`, "%s is a tender's row, which is checked with its result", name)
	case aReceipt:
		return v.verifyReceipts(name)
	case aCheckpoint:
		return v.verifyCheckpoint(name)
	case aGrowth:
		return v.verifyGrowth(name)
	default:
		return nothingOfOurs(name)
	}
}

// readGiven reads the receipts and checkpoints that something is compared with.
func (v *verifying) readGiven() error {
	for _, name := range v.receiptFiles {
		all, err := readReceipts(name)
		if err != nil {
			return err
		}
		v.receipts = append(v.receipts, all...)
	}
	for _, name := range v.knownFiles {
		c, _, err := readKnown(name, v.keys)
		if err != nil {
			return err
		}
		v.known = append(v.known, c)
	}
	return nil
}

// fits refuses flags that say nothing about a kind of file.
func (v *verifying) fits(name string, kind fileKind) error {
	whole := kind == noFile || kind == aBundle
	switch {
	case len(v.rowFiles) > 0 && kind != aResult:
		return usagef("", "--row belongs to a result, which %s is not", name)
	case len(v.receiptFiles) > 0 && !whole:
		return usagef("", "--receipt belongs to an offer or a bundle, which %s is not", name)
	case len(v.resultFiles) > 0 && !whole:
		return usagef("", "--result belongs to an offer or a bundle, which %s is not", name)
	case len(v.knownFiles) > 0 && kind == aResult:
		return usagef("", "--checkpoint says nothing about a result alone: verify it with --result FILE and its offer or bundle")
	}
	return nil
}

func (v *verifying) inWorkspace(c *cobra.Command, id string) error {
	if err := v.settle(false); err != nil {
		return err
	}
	if _, err := os.Stat(v.db); err != nil && !onServer(v.db) {
		return cannot("read", id, errors.New("no such file, and there is no workspace "+v.db+" in which it could be an offer"))
	}
	return v.in(func(ctx context.Context, _ []string) error { return v.verifyOffer(ctx, id) })(c, nil)
}
