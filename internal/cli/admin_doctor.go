package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/internal/desk"
)

func (p *program) adminDoctorCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "doctor",
		Short:   "Says what a workspace holds, and what its promises rest on.",
		Example: "tender admin doctor",
		Long: `Lists the settings of the database that decide what survives a power cut or the
loss of a disk, each with ok or warn and what it should be. A database that
would lose what it acknowledged is refused by every command. The journals
themselves are read by "tender admin verify".`,
		Args: arguments(0, 0, "none"),
		RunE: w.in(func(ctx context.Context, _ []string) error { return w.doctor(ctx) }),
	}
	w.opening(c)
	return c
}

// A diagnosis is what "tender admin doctor --json" prints.
type diagnosis struct {
	storedJSON
	Engine   string        `json:"engine"` // sqlite, postgresql
	Bytes    int64         `json:"bytes,omitempty"`
	Settings []settingJSON `json:"settings"`
}

type settingJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	OK    bool   `json:"ok"`
	Needs string `json:"needs,omitempty"`
}

func (w *workspace) doctor(ctx context.Context) error {
	offers, err := heads(ctx, w.store)
	if err != nil {
		return err
	}
	x := diagnosis{storedJSON: storedJSON{shownDatabase(w.db), offers}, Engine: "sqlite", Settings: []settingJSON{}}
	if onServer(w.db) {
		x.Engine = "postgresql"
	} else if info, err := os.Stat(w.db); err == nil {
		x.Bytes = info.Size()
	}
	if store, ok := w.store.(desk.Examiner); ok {
		settings, err := store.Examine(ctx)
		if err != nil {
			return err
		}
		for _, s := range settings {
			x.Settings = append(x.Settings, settingJSON{s.Name, s.Value, s.Needs == "", s.Needs})
		}
	}
	if w.json {
		return w.printJSON(x)
	}
	return x.write(w.Out)
}

func (x *diagnosis) write(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", x.Database, map[string]string{"sqlite": "SQLite file", "postgresql": "PostgreSQL database"}[x.Engine])
	if x.Bytes > 0 {
		fmt.Fprintf(&b, ", %s bytes", grouped(x.Bytes))
	}
	b.WriteString("\n")
	for _, s := range x.Settings {
		word, value := "ok  ", s.Value
		if value == "" {
			value = "(none)"
		}
		if !s.OK {
			word, value = "warn", value+", needs "+s.Needs
		}
		fmt.Fprintf(&b, "    %s  %s %s\n", word, s.Name, value)
	}
	for _, h := range x.Offers {
		fmt.Fprintf(&b, "    %s  %s, last at %s\n", h.Offer, plural(int(h.Entries), "entry", "entries"), journalTime(h.Last))
	}
	_, err := io.WriteString(out, b.String())
	return err
}
