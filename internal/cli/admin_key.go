package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenderbook/book"
)

// adminKeyCommand is "tender admin key": the keys that checkpoints and results
// are signed with.
func (p *program) adminKeyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key COMMAND",
		Short: "Makes signing keys, and puts the public ones on record.",
		Example: `tender admin key new agent.example -o agent.key > agent.pub
tender admin key add LVLT-2004 agent.pub --as ann`,
		Long: `Checkpoints and results are signed with Ed25519. The private key stays in a file
that its owner alone may read, and is named by --sign-with or
TENDER_SIGNING_KEY. The public key goes on the record of each offer, and
elsewhere too: in the offer document, on the agent's page. To change keys, add
the new one and retire the old one; what it signed stays good.`,
		Args: knownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.keyNewCommand(), p.keyShowCommand(), p.keyRecordCommand(false), p.keyRecordCommand(true), p.keyListCommand())
	return c
}

func (p *program) keyNewCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:     "new NAME",
		Short:   "Makes a pair of keys; prints the public one.",
		Example: "tender admin key new agent.example -o agent.key > agent.pub",
		Long:    "NAME is what signatures show, such as the agent's domain. FILE must be new; it\ngets mode 0600.",
		Args:    arguments(1, 1, "NAME"),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				return usagef("", "the private key needs a file: -o FILE")
			}
			public, err := writePrivateKey(out, args[0], newKeySeed())
			if err != nil {
				return err
			}
			return p.printKey(public)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "new `FILE` for the private key")
	return c
}

func (p *program) keyShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show FILE",
		Short:   "Prints the public key of a private one.",
		Example: "tender admin key show agent.key",
		Args:    arguments(1, 1, "FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			_, public, err := readPrivateKey(args[0])
			if err != nil {
				return err
			}
			return p.printKey(public)
		},
	}
}

func (p *program) printKey(public string) error {
	if p.json {
		return p.printJSON(map[string]string{"public": public})
	}
	_, err := fmt.Fprintln(p.Out, public)
	return err
}

func (p *program) keyRecordCommand(retire bool) *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "add ID KEY",
		Short:   "Takes a public key into use for an offer.",
		Example: "tender admin key add LVLT-2004 agent.pub --as ann",
		Long:    "KEY is the public key, or a file that holds it. It needs an administrator.",
		Args:    arguments(2, 2, "ID and KEY"),
	}
	if retire {
		c.Use, c.Short, c.Example = "retire ID KEY", "Takes a public key out of use.", "tender admin key retire LVLT-2004 agent.pub --as ann"
	}
	c.RunE = w.in(func(ctx context.Context, args []string) error {
		if _, err := w.head(ctx, args[0]); err != nil {
			return err
		}
		public, err := onePublicKey(args[1])
		if err != nil {
			return err
		}
		a, err := w.do(ctx, args[0], &book.Key{Public: public, Retire: retire})
		if err != nil {
			return err
		}
		verb := "is in use for"
		if retire {
			verb = "signs nothing more of"
		}
		return w.tell(a, "%s %s %s", shortKey(public), verb, args[0])
	})
	w.writing(c)
	return c
}

func (p *program) keyListCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "list ID",
		Short:   "Lists the public keys on record, and when they were in use.",
		Example: "tender admin key list LVLT-2004",
		Args:    arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			return w.look(ctx, args[0], func(s *book.State) error { return w.listKeys(s) })
		}),
	}
	w.opening(c)
	return c
}

// A listedKey is a key as "tender admin key list --json" prints it.
type listedKey struct {
	Public  string    `json:"public"`
	Since   uint64    `json:"since"` // entry
	At      time.Time `json:"at"`
	Retired uint64    `json:"retired,omitempty"` // entry
}

func (w *workspace) listKeys(s *book.State) error {
	all := []listedKey{}
	for _, k := range s.Keys() {
		all = append(all, listedKey{k.Public, k.Seq, k.At, k.Retired})
	}
	if w.json {
		return w.printJSON(all)
	}
	for _, k := range all {
		state := "in use"
		if k.Retired > 0 {
			state = fmt.Sprintf("retired in #%d", k.Retired)
		}
		if _, err := fmt.Fprintf(w.Out, "%s  since #%d, %s, %s\n", k.Public, k.Since, k.At.Format(time.RFC3339), state); err != nil {
			return err
		}
	}
	return nil
}

// shortKey is the name of a public key: "agent.example+8c1ac4b2".
func shortKey(public string) string {
	parts := strings.SplitN(public, "+", 3) // the key itself may have a + in its base64
	return strings.Join(parts[:min(2, len(parts))], "+")
}
