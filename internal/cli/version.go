package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// versionCommand is "tender version".
func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Prints which build this is.",
		Example: "tender version",
		Args:    arguments(0, 0, "none"),
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			if p.json {
				return p.printJSON(b)
			}
			_, err := fmt.Fprintf(p.Out, "tender %s\nrevision %s\n%s, %s\n", b.Version, b.Revision, b.Go, b.Platform)
			return err
		},
	}
}

// build says what the program was made from.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisBuild() build {
	b := build{Version: "(devel)", Revision: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	modified := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.Revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = " (modified)"
		}
	}
	b.Revision += modified
	return b
}

// completionCommand is "tender completion SHELL".
func completionCommand(root *cobra.Command) *cobra.Command {
	shells := map[string]func(io.Writer) error{
		"bash":       func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":        root.GenZshCompletion,
		"fish":       func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": root.GenPowerShellCompletionWithDesc,
	}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Prints what completes commands in a shell.",
		Example:   "source <(tender completion bash)",
		Long:      "SHELL is bash, zsh, fish or powershell.",
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args:      arguments(1, 1, "SHELL"),
		RunE: func(c *cobra.Command, args []string) error {
			generate, ok := shells[args[0]]
			if !ok {
				return usagef("", "%q is not a shell: needs bash, zsh, fish or powershell", args[0])
			}
			return generate(c.OutOrStdout())
		},
	}
}

// printJSON prints a value as JSON that people can read too.
func (p *program) printJSON(v any) error { return encodeJSON(p.Out, v) }

func encodeJSON(to io.Writer, v any) error {
	enc := json.NewEncoder(to)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
