package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// helpWidth is the widest line of a help page.
const helpWidth = 80

// help prints the page of a command. Asked of a command that is not there, it
// leaves the error to [Run]: cobra gives help no way to fail.
func (p *program) help(c *cobra.Command, _ []string) {
	if rest := c.Flags().Args(); c.HasSubCommands() && len(rest) > 0 {
		p.helpless = knownCommand(c, rest)
		return
	}
	printHelp(c)
}

// printHelp prints a command's page: what it does, an example, then the rest.
func printHelp(c *cobra.Command) {
	w := c.OutOrStdout()
	fmt.Fprintf(w, "%s\n\n", c.Short)
	if c.Example != "" {
		fmt.Fprintf(w, "Example:\n%s\n", indent(c.Example))
	}
	fmt.Fprintf(w, "Usage:\n%s\n", indent(usageLine(c)))
	if c.Long != "" {
		fmt.Fprintf(w, "%s\n\n", c.Long)
	}
	if c.HasAvailableSubCommands() {
		printCommands(w, c)
	}
	if own := c.LocalNonPersistentFlags(); own.HasAvailableFlags() && c.HasParent() {
		fmt.Fprintf(w, "Flags:\n%s\n", own.FlagUsagesWrapped(helpWidth))
	}
	fmt.Fprintf(w, "Flags of every command:\n%s", c.Root().PersistentFlags().FlagUsagesWrapped(helpWidth))
}

func usageLine(c *cobra.Command) string {
	if !c.HasParent() {
		return "tender COMMAND"
	}
	return c.CommandPath() + strings.TrimPrefix(c.Use, c.Name())
}

func printCommands(w io.Writer, c *cobra.Command) {
	fmt.Fprintln(w, "Commands:")
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			fmt.Fprintf(w, "  %-12s%s\n", sub.Name(), sub.Short)
		}
	}
	fmt.Fprintln(w)
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n  ") + "\n"
}

// helpCommand is "tender help COMMAND".
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Prints the help of a command.",
		Example: "tender help allocate",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			if found, _, err := root.Find(args); err != nil || found == root {
				return knownCommand(root, args)
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			found, _, err := root.Find(args)
			if err != nil {
				return wrongUse{err}
			}
			return found.Help()
		},
	}
}

// arguments refuses any number of arguments that the command does not take,
// naming those it does.
func arguments(least, most int, names string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usagef("", "%s given, needs %s", count(len(args), "argument"), names)
		}
		return nil
	}
}
