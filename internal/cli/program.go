package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"regexp"

	"github.com/spf13/cobra"

	"tenderbook/offer"
)

// Streams are the ends of the world that a command talks to.
type Streams struct {
	Out, Err io.Writer
	Env      func(name string) string

	OutIsTerminal, ErrIsTerminal bool // whether a person watches
	OutColumns                   int  // how wide the terminal on Out is; 0: it does not say
}

// Standard gives the streams of this process.
func Standard() Streams {
	return Streams{
		Out: os.Stdout, Err: os.Stderr, Env: os.Getenv,
		OutIsTerminal: isTerminal(os.Stdout), ErrIsTerminal: isTerminal(os.Stderr),
		OutColumns: widthOf(os.Stdout),
	}
}

// A program is one run of the command line: its streams and the flags that
// every command has.
type program struct {
	Streams
	json    bool
	noColor bool
	quiet   bool

	helpless error      // why there is no help to be printed
	picked   *selection // of the JSON's fields; nil: all are printed
}

// Run runs a command line, given without the name of the program, and returns
// its exit code.
func Run(args []string, s Streams) int {
	p := &program{Streams: s}
	root := p.rootCommand()
	root.SetArgs(joinFields(args))
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	called, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = p.helpless
	}
	if failed := p.picked.write(); failed != nil && err == nil {
		err = failed
	}
	return p.exit(called, err)
}

func (p *program) rootCommand() *cobra.Command {
	cobra.EnableCommandSorting = false // the order of a first visit
	root := &cobra.Command{
		Use:   "tender",
		Short: "Decides bond tender offers: what is accepted, at what price, and why.",
		Example: `tender demo
tender check examples/level3-2004
tender allocate examples/level3-2004 examples/level3-2004/book.csv`,
		Long: `OFFER is an offer file, or a folder with offer.yaml and its amendment*.yaml.
BOOK is a CSV file of instructions. docs/offer-file.md describes both.

Data goes to standard output, messages to standard error. Exit codes: 0 done,
1 failed, 2 wrong use, 3 input refused (every problem listed), 4 not allowed,
5 too late or stale, 6 damage found, 7 outcome unknown: try the same key again.`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              knownCommand,
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	flags := root.PersistentFlags()
	flags.Var((*jsonFlag)(p), "json", "print JSON; with `FIELDS`, a,b,c, these alone")
	flags.Lookup("json").NoOptDefVal = "true"
	flags.BoolVar(&p.noColor, "no-color", false, "print without colour, as with NO_COLOR")
	flags.BoolVarP(&p.quiet, "quiet", "q", false, "print no progress")
	flags.BoolP("help", "h", false, "print this help")
	root.SetFlagErrorFunc(wrongFlag)
	root.SetHelpFunc(p.help)
	root.SetHelpCommand(helpCommand(root))
	root.AddCommand(p.demoCommand(), p.checkCommand(), p.allocateCommand(), p.explainCommand(), p.priceCommand(), p.reportCommand(), p.scenarioCommand(),
		p.offerCommand(), p.statusCommand(), p.submitCommand(), p.withdrawCommand(), p.reviewCommand(), p.positionsCommand(), p.noteCommand(), p.planCommand(), p.applyCommand(), p.approveCommand(), p.rejectCommand(), p.payCommand(), p.adminCommand(),
		p.publishCommand(), p.receiptCommand(), p.verifyCommand(), p.versionCommand(), completionCommand(root))
	return root
}

// knownCommand refuses what is not a command, with the nearest one that is.
func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var hint string
	c.SuggestionsMinimumDistance = c.Root().SuggestionsMinimumDistance // also below the root
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean \"" + c.CommandPath() + " " + near[0] + "\"?"
	}
	return usagef(hint, "unknown command %q", args[0])
}

var flagNames = regexp.MustCompile(`--[a-z][a-z-]*`)

// wrongFlag refuses a flag, with the nearest one that the command has where it
// has none of that name.
func wrongFlag(c *cobra.Command, err error) error {
	var unknown interface{ GetSpecifiedName() string }
	if !errors.As(err, &unknown) {
		return wrongUse{err}
	}
	var hint string
	name := "--" + unknown.GetSpecifiedName()
	if near := offer.Nearest(name, flagNames.FindAllString(c.Flags().FlagUsages(), -1)); near != "" && near != name {
		hint = "did you mean " + near + "?"
	}
	return usagef(hint, "%w", err)
}
