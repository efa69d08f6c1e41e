package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tenderbook/journal"
	"tenderbook/proof"
)

// damaged is what "tender verify" found wrong.
type damaged struct{ error }

func (p *program) verifyCommand() *cobra.Command {
	var rows []string
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: "Checks a published result, a row of it, or the bundle of an offer.",
		Example: `tender verify result.json --row I-000731.json
tender verify lvlt-2004.bundle`,
		Long: `Checks, without any other file, that a result adds up; with --row that a tender
was counted in it and that its amount follows from the published factor. Of a
bundle every entry, checkpoint and attachment is checked. What is wrong is named
with its place, and the exit code is 6.`,
		Args: arguments(1, 1, "FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if isBundle(args[0]) {
				if len(rows) > 0 {
					return usagef("", "--row belongs to a result, %s is a bundle", args[0])
				}
				return p.verifyBundle(args[0])
			}
			return p.verifyResult(args[0], rows)
		},
	}
	c.Flags().StringArrayVar(&rows, "row", nil, "`FILE` of a tender; may be given again")
	return c
}

// isBundle tells a bundle from a result, which is JSON.
func isBundle(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false // reading it as a result says why
	}
	defer f.Close()
	var first [1]byte
	n, _ := f.Read(first[:])
	return n == 1 && first[0] != '{'
}

func (p *program) verifyBundle(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return cannot("read", name, err)
	}
	defer f.Close()
	report, err := journal.VerifyBundle(f, journal.BundleOptions{File: name})
	var damage *journal.Damage
	switch {
	case errors.As(err, &damage) && damage.Code == journal.NewerFormat:
		return refused{damage}
	case errors.As(err, &damage):
		return damaged{damage}
	case err != nil:
		return cannot("read", name, err)
	}
	fmt.Fprintf(p.Out, "%s: offer %s, %s entries, whole\n", name, report.Offer, grouped(int64(report.Entries)))
	fmt.Fprintf(p.Out, "    root %x\n", report.Root)
	for _, c := range report.Checkpoints {
		fmt.Fprintf(p.Out, "    checkpoint of %s entries: theirs; its signatures were not checked\n", grouped(int64(c.Size)))
	}
	for _, a := range report.Attachments {
		fmt.Fprintf(p.Out, "    attachment %q, %s bytes\n", a.Name, grouped(int64(a.Size)))
	}
	if report.Newer > 0 {
		fmt.Fprintf(p.Out, "    %s entries, from %d on, are of kinds that only a newer version understands\n", grouped(int64(report.Newer)), report.FirstNewer)
	}
	return nil
}

func (p *program) verifyResult(name string, rows []string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return cannot("read", name, err)
	}
	result, err := proof.ParseResult(data)
	if err == nil {
		err = result.Check()
	}
	if err != nil {
		return damaged{fmt.Errorf("%s: %w", name, err)}
	}
	fmt.Fprintf(p.Out, "%s: the result of %s adds up\n    checksum %s\n    compare it with the one that was published\n", name, result.Offer, result.Checksum)
	for _, file := range rows {
		if err := p.verifyRow(result, file); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) verifyRow(result *proof.Result, name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return cannot("read", name, err)
	}
	row, err := proof.ParseRow(data)
	if err == nil {
		err = result.CheckRow(row)
	}
	if err != nil {
		return damaged{fmt.Errorf("%s: %w", name, err)}
	}
	fmt.Fprintf(p.Out, "%s: tender %s is counted, and what it gets follows from the result\n", name, row.Tender.ID)
	return nil
}
