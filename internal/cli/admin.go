package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tenderbook/book"
	"tenderbook/offer"
)

// adminCommand is "tender admin": the people of an offer and the care of a
// workspace.
func (p *program) adminCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "admin COMMAND",
		Short: "Gives roles, and verifies, backs up and restores a workspace.",
		Example: `tender admin user grant LVLT-2004 bob approver --as ann
tender admin backup offers-2004-11-29.db`,
		Long: workspaceHelp,
		Args: knownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.adminUserCommand(), p.adminKeyCommand(), p.adminVerifyCommand(), p.adminCheckpointCommand(), p.adminBundleCommand(), p.adminBackupCommand(), p.adminRestoreCommand(),
		p.adminDoctorCommand())
	return c
}

func (p *program) adminUserCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "user COMMAND",
		Short:   "Gives, takes and lists roles on an offer.",
		Example: "tender admin user grant LVLT-2004 bob approver --as ann",
		Args:    knownCommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(p.grantCommand(false), p.grantCommand(true), p.userListCommand())
	return c
}

func (p *program) grantCommand(take bool) *cobra.Command {
	var (
		w = &workspace{program: p}
		g = book.Grant{Take: take}
	)
	c := &cobra.Command{
		Use:   "grant ID USER ROLE",
		Short: "Gives a user a role on an offer.",
		Example: `tender admin user grant LVLT-2004 bob approver --as ann
tender admin user grant LVLT-2004 acme-api participant --participant 0443`,
		Long: `ROLE is administrator, offeror, dealer-manager, operator, approver, participant,
holder, paying-agent or auditor; docs/lifecycle.md says what each may do. Rights
are per offer, and nobody gives a role to itself: an administrator needs another
one for that. A user is there once a role names it.`,
		Args: arguments(3, 3, "ID, USER and ROLE"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			if _, err := w.head(ctx, args[0]); err != nil {
				return err
			}
			g.Actor, g.Role = args[1], book.Role(args[2])
			if err := knownRole(g.Role); err != nil {
				return err
			}
			a, err := w.do(ctx, args[0], &g)
			if err != nil {
				return err
			}
			verb := "is now"
			if take {
				verb = "is no longer"
			}
			return w.tell(a, "%s %s %s of %s", g.Actor, verb, g.Role, args[0])
		}),
	}
	if take {
		c.Use, c.Short, c.Example = "revoke ID USER ROLE", "Takes a role away.", "tender admin user revoke LVLT-2004 bob approver --as ann"
		c.Long = "The last administrator of an offer cannot be taken away."
	} else {
		c.Flags().StringVar(&g.Person, "person", "", "`PERSON` behind a key or delegate")
	}
	c.Flags().StringVar(&g.Participant, "participant", "", "`ACCOUNT` that a participant or holder acts for")
	w.writing(c)
	return c
}

// knownRole refuses a role that there is not, before it goes on record.
func knownRole(r book.Role) error {
	roles := book.Roles()
	if slices.Contains(roles, r) {
		return nil
	}
	names := make([]string, len(roles))
	for i := range roles {
		names[i] = string(roles[i])
	}
	hint := ""
	if near := offer.Nearest(string(r), names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return usagef(hint, "role %q is not known, needs one of %s", r, strings.Join(names, ", "))
}

func (p *program) userListCommand() *cobra.Command {
	w := &workspace{program: p}
	c := &cobra.Command{
		Use:     "list ID",
		Short:   "Lists who has which role.",
		Example: "tender admin user list LVLT-2004 --as ann",
		Args:    arguments(1, 1, "ID"),
		RunE: w.in(func(ctx context.Context, args []string) error {
			return w.see(ctx, args[0], book.Inquiry{Subject: book.SeePeople}, func(s *book.State) error {
				if w.json {
					return w.printJSON(w.shown(s).Roles)
				}
				return w.printRoles(s)
			})
		}),
	}
	w.looking(c)
	return c
}

func (w *workspace) printRoles(s *book.State) error {
	for _, h := range s.Roles() {
		line := fmt.Sprintf("%s  %s", h.Actor, h.Role)
		if h.Participant != "" {
			line += " for " + h.Participant
		}
		if h.Person != h.Actor {
			line += ", as " + h.Person
		}
		if _, err := fmt.Fprintln(w.Out, line); err != nil {
			return err
		}
	}
	return nil
}
