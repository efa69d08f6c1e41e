package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenderbook/internal/cli"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

// The states of the offer in which the matrix is walked.
const (
	drafted = iota
	commenced
	pastEarly
	acceptedFinal
)

var stateNames = [...]string{"draft", "commenced", "past the early tender date", "accepted"}

// A walk is how a row of the matrix is tried.
type walk struct {
	from, to int      // states
	commands []string // with X for an instruction, and P for the pending proposal
	account  bool     // it is about an account: tried on one's own and on another's
	shows    string   // where the exit code does not tell: what is printed to who may see it; X as above
}

// walks has a walk for each row of docs/authorization.md.
var walks = map[string]walk{
	"offer show, offer diff, report launch": {drafted, acceptedFinal, []string{"offer show LVLT-2004", "offer diff LVLT-2004", "report launch LVLT-2004"}, false, ""},
	"report final":                          {commenced, acceptedFinal, []string{"report final LVLT-2004"}, false, ""},
	"receipt":                               {commenced, acceptedFinal, []string{"receipt LVLT-2004 X --json"}, true, ""},
	"admin bundle, publish":                 {drafted, acceptedFinal, []string{"admin bundle LVLT-2004 -o offer.bundle", "publish LVLT-2004 -o published --secret agent.key"}, false, ""},
	"admin checkpoint":                      {drafted, acceptedFinal, []string{"admin checkpoint LVLT-2004 --sign-with agent.key"}, false, ""},
	"status":                                {drafted, acceptedFinal, []string{"status LVLT-2004"}, false, ""},
	"status: totals":                        {commenced, acceptedFinal, []string{"status LVLT-2004"}, false, "of max"},
	"plan":                                  {drafted, acceptedFinal, []string{"plan LVLT-2004"}, false, ""},
	"offer diff PROPOSAL":                   {drafted, pastEarly, []string{"offer diff LVLT-2004 P"}, false, ""},
	"offer diff PROPOSAL, of a release":     {acceptedFinal, acceptedFinal, []string{"offer diff LVLT-2004 P"}, false, ""},
	"review":                                {commenced, acceptedFinal, []string{"review LVLT-2004 X"}, true, ""},
	"explain":                               {commenced, acceptedFinal, []string{"explain LVLT-2004 X"}, true, ""},
	"positions":                             {commenced, acceptedFinal, []string{"positions LVLT-2004"}, true, "account-of-X"},
	"note: list":                            {drafted, acceptedFinal, []string{"note LVLT-2004"}, false, ""},
	"admin user list":                       {drafted, acceptedFinal, []string{"admin user list LVLT-2004"}, false, ""},
	"note":                                  {drafted, acceptedFinal, []string{"note LVLT-2004 seen"}, false, ""},
	"note --instruction":                    {commenced, acceptedFinal, []string{"note LVLT-2004 seen --instruction X"}, true, ""},
	"submit":                                {drafted, acceptedFinal, []string{"submit LVLT-2004 --from X.csv"}, true, ""},
	"withdraw":                              {commenced, acceptedFinal, []string{"withdraw LVLT-2004 X"}, true, ""},
	"review --defect, --cure, --reject":     {commenced, acceptedFinal, []string{"review LVLT-2004 X --defect d", "review LVLT-2004 X --cure", "review LVLT-2004 X --reject r"}, false, ""},
	"positions --from":                      {drafted, acceptedFinal, []string{"positions LVLT-2004 --from positions.csv"}, false, ""},
	"offer new":                             {drafted, acceptedFinal, []string{"offer new offer.yaml"}, false, ""},
	"offer amend, extend, price":            {drafted, acceptedFinal, []string{"offer amend LVLT-2004 amendment.yaml", "offer extend LVLT-2004 amendment.yaml", "offer price LVLT-2004 amendment.yaml"}, false, ""},
	"offer launch, terminate, lapse":        {drafted, acceptedFinal, []string{"offer launch LVLT-2004", "offer terminate LVLT-2004", "offer lapse LVLT-2004 financing"}, false, ""},
	"offer waive":                           {drafted, acceptedFinal, []string{"offer waive LVLT-2004 general"}, false, ""},
	"apply":                                 {pastEarly, pastEarly, []string{"apply early.plan"}, false, ""},
	"pay build":                             {acceptedFinal, acceptedFinal, []string{"pay build LVLT-2004"}, false, ""},
	"pay release, offer settle":             {acceptedFinal, acceptedFinal, []string{"pay release LVLT-2004", "offer settle LVLT-2004"}, false, ""},
	"approve":                               {drafted, pastEarly, []string{"approve LVLT-2004 P --confirm LVLT-2004"}, false, ""},
	"approve, of a release":                 {acceptedFinal, acceptedFinal, []string{"approve LVLT-2004 P --confirm LVLT-2004"}, false, ""},
	"admin user grant, revoke; admin key add": {drafted, acceptedFinal, []string{"admin user grant LVLT-2004 eve auditor", "admin user revoke LVLT-2004 auditor auditor", "admin key add LVLT-2004 agent.pub"}, false, ""},
}

// allowed reads a cell of the matrix.
func allowed(cell string, state int, own bool) bool {
	switch cell {
	case "A":
		return true
	case "C":
		return state >= commenced
	case "E":
		return state >= pastEarly
	case "O":
		return own
	case "S":
		return state == acceptedFinal
	case "R":
		return own && state == acceptedFinal
	}
	return false
}

// matrix reads the table of docs/authorization.md.
func matrix(t *testing.T) (roles []string, rows [][]string) {
	t.Helper()
	for line := range strings.Lines(read(t, "../../docs/authorization.md")) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---") {
			continue
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
		if roles == nil {
			roles = cells[1:]
			continue
		}
		rows = append(rows, cells)
	}
	return roles, rows
}

// TestAuthorizationMatrix walks role, command, account and state of the offer.
// What the table denies has to exit with 4, show nothing and be on record.
func TestAuthorizationMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand commands")
	}
	roles, rows := matrix(t)
	if len(rows) != len(walks) || len(roles) != 9 {
		t.Fatalf("docs/authorization.md has %d rows and %d roles, the test walks %d and 9", len(rows), len(roles), len(walks))
	}
	stages := stagesOf(t, roles)
	var tried, denied int
	for _, row := range rows {
		x, ok := walks[row[0]]
		if !ok {
			t.Fatalf("nobody walks the row %q", row[0])
		}
		for state := x.from; state <= x.to; state++ {
			for i, role := range roles {
				for _, own := range x.accounts() {
					for _, command := range x.commands {
						want := allowed(row[i+1], state, own)
						if tried++; !want {
							denied++
						}
						if problem := stages[state].try(t, x, command, role, own, want); problem != "" {
							t.Errorf("%s, %s, own account %v: tender %s %s", role, stateNames[state], own, command, problem)
						}
					}
				}
			}
		}
	}
	t.Logf("%d commands tried, %d of them denied", tried, denied)
}

// accounts are those to try: another's, and one's own where it makes a difference.
func (x walk) accounts() []bool {
	if x.account {
		return []bool{false, true}
	}
	return []bool{false}
}

// A stage is a workspace with an offer in one of the states.
type stage struct {
	dir     string // of its files
	db      []byte
	now     time.Time
	pending string // a proposal of ann's
	entries uint64 // of the journal
}

// instructions are by whom they are owned: of the account of the role, or of
// another one.
func instructionOf(role string, own bool) string {
	if own && (role == "participant" || role == "holder") {
		return "T-" + role
	}
	return "T-another"
}

// try runs a command on a copy of the stage, and says what is not as it should be.
func (s *stage) try(t *testing.T, x walk, command, role string, own, want bool) (problem string) {
	t.Helper()
	db := filepath.Join(s.dir, "try.db")
	for _, name := range []string{db, db + "-wal", db + "-shm"} {
		os.Remove(name)
	}
	if err := os.WriteFile(db, s.db, 0o644); err != nil {
		t.Fatal(err)
	}
	instruction := instructionOf(role, own)
	args := strings.Fields(command)
	for i, a := range args {
		switch {
		case a == "X":
			args[i] = instruction
		case a == "P":
			args[i] = s.pending
		case strings.Contains(a, ".") || a == "published":
			args[i] = filepath.Join(s.dir, strings.ReplaceAll(a, "X", instruction))
		}
	}
	out, errs, code := s.run(db, role, args...)
	shows := strings.ReplaceAll(x.shows, "X", instruction)
	switch {
	case shows != "" && code != 4:
		if got := strings.Contains(out, shows); got != want {
			return fmt.Sprintf("shows %q: %v, want %v\n%s", shows, got, want, out)
		}
	case (code != 4) != want:
		return fmt.Sprintf("has exit code %d, allowed is %v\n%s", code, want, errs)
	case !want && out != "" && !strings.HasPrefix(command, "approve"): // which shows first what is approved, to who may see it
		return "is denied and shows something:\n" + out
	case !want && !strings.Contains(errs, "not-allowed: ") && !strings.Contains(errs, "not-your-account: "):
		return "is denied for another reason:\n" + errs
	case !want && !s.onRecord(t, db, role):
		return "is denied, and that is not on record"
	}
	return ""
}

func (s *stage) run(db, user string, args ...string) (out, errs string, code int) {
	env := map[string]string{"TENDER_DB": db, "TENDER_CLOCK": s.now.Format(time.RFC3339), "TENDER_USER": user}
	var o, e bytes.Buffer
	code = cli.Run(args, cli.Streams{Out: &o, Err: &e, Env: func(name string) string { return env[name] }})
	return o.String(), e.String(), code
}

// onRecord reports whether the journal has grown by an entry of the actor.
func (s *stage) onRecord(t *testing.T, db, actor string) (found bool) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.Read(t.Context(), "LVLT-2004", s.entries+1, func(e *journal.Entry) error {
		found = e.Seq == s.entries+1 && e.Actor == actor
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// entries is how many entries a copy of the workspace has.
func entries(t *testing.T, db string) uint64 {
	t.Helper()
	store, err := sqlite.Open(t.Context(), db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	head, err := store.Head(t.Context(), "LVLT-2004")
	if err != nil {
		t.Fatal(err)
	}
	return head.Seq
}

// stagesOf plays the offer and keeps a copy of the workspace in each state. Each
// role has a user of its name; ann and bob do the work.
func stagesOf(t *testing.T, roles []string) (stages [4]*stage) {
	t.Helper()
	const folder = "../../examples/level3-2004/"
	s := &stage{dir: t.TempDir(), now: time.Date(2004, 10, 28, 22, 0, 0, 0, time.UTC)}
	db := filepath.Join(s.dir, "offers.db")
	do := func(user string, args ...string) string {
		t.Helper()
		out, errs, code := s.run(db, user, args...)
		if code != 0 {
			t.Fatalf("tender %s as %s: exit code %d\n%s", strings.Join(args, " "), user, code, errs)
		}
		return out
	}
	propose := func(args ...string) string {
		t.Helper()
		name, _, _ := strings.Cut(do("ann", args...), " ")
		return name
	}
	agree := func(args ...string) {
		t.Helper()
		do("bob", "approve", "LVLT-2004", propose(args...), "--confirm", "LVLT-2004")
	}
	keep := func(state int, pending string) {
		t.Helper()
		copied := filepath.Join(s.dir, fmt.Sprint(state, ".db"))
		do("ann", "admin", "backup", copied)
		stages[state] = &stage{s.dir, []byte(read(t, copied)), s.now, pending, entries(t, copied)}
	}
	file := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file("offer.yaml", read(t, folder+"offer.yaml"))
	file("amendment.yaml", read(t, folder+"amendment-2004-11-17.yaml"))
	file("positions.csv", "participant,series,principal\naccount-of-T-another,11,9000000\n")
	var tenders []string
	for _, id := range []string{"T-participant", "T-holder", "T-another"} {
		row := fmt.Sprintf("%s,11,1000000,account-of-%s\n", id, id)
		tenders = append(tenders, row)
		file(id+".csv", "instruction,series,principal,participant\nmore-"+row)
	}
	file("book.csv", "instruction,series,principal,participant\n"+strings.Join(tenders, ""))

	do("ann", "offer", "new", filepath.Join(s.dir, "offer.yaml"))
	do("ann", "admin", "user", "grant", "LVLT-2004", "bob", "approver")
	for _, role := range roles {
		grant := []string{"admin", "user", "grant", "LVLT-2004", role, role}
		if role == "participant" || role == "holder" {
			grant = append(grant, "--participant", "account-of-T-"+role)
		}
		do("ann", grant...)
	}
	do("ann", "admin", "key", "new", "agent.example", "-o", filepath.Join(s.dir, "agent.key"))
	file("agent.pub", do("ann", "admin", "key", "show", filepath.Join(s.dir, "agent.key")))
	do("ann", "admin", "key", "add", "LVLT-2004", filepath.Join(s.dir, "agent.pub"))
	launch := propose("offer", "launch", "LVLT-2004")
	keep(drafted, launch)
	do("bob", "approve", "LVLT-2004", launch, "--confirm", "LVLT-2004")

	s.now = time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC)
	do("ann", "submit", "LVLT-2004", "--from", filepath.Join(s.dir, "book.csv"))
	agree("offer", "waive", "LVLT-2004", "financing")
	general := propose("offer", "waive", "LVLT-2004", "general", "--expires", "999h")
	keep(commenced, general)

	s.now = time.Date(2004, 11, 12, 22, 0, 0, 0, time.UTC)
	do("ann", "plan", "LVLT-2004", "--run", "early", "--out", filepath.Join(s.dir, "early.plan"))
	keep(pastEarly, general)
	do("bob", "approve", "LVLT-2004", general)

	s.now = time.Date(2004, 11, 30, 6, 0, 0, 0, time.UTC)
	do("ann", "plan", "LVLT-2004", "--out", filepath.Join(s.dir, "final.plan"))
	agree("apply", filepath.Join(s.dir, "final.plan"))
	keep(acceptedFinal, propose("pay", "release", "LVLT-2004"))
	return stages
}
