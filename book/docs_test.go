package book

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/lifecycle.md and docs/refusals.md again")

func TestLifecycleDoc(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# Lives

What an offer, a series of it and an instruction can go through. The pictures and tables are printed from the tables of
package book (` + "`offerMoves`, `seriesMoves`, `moves`" + `) by its tests; what they do not list is refused with ` + "`wrong-state` or `wrong-move`" + `.
Numbers are the codes that journals and snapshots hold. They never change their meaning.

## An offer

` + "`commence` and `expire`" + ` come by the clock of the journal, ` + "`draft`" + ` by an entry; all others by a proposal that a second
person approved. An offer that expired and is extended is commenced again; what was priced or accepted early stays so.

`)
	diagram(&b, offerMoves, offerEventNames)
	b.WriteString("\n## A series\n\nWhere it can differ from its offer: its own deadline, or ended alone. `expire` comes by the clock.\n\n")
	diagram(&b, seriesMoves, seriesEventNames)
	b.WriteString("\n## An instruction\n\nA tender begins as received, guaranteed or late. A withdrawal and a delivery stay received: they act on the tender that they\nname. In part, they do not move it. A consent without a tender begins as received or late; the final result counts it\n(`consented`) or nothing comes of it (`without-effect`). The states listed below the events count in totals and are decided by a\nresult.\n\n")
	diagram(&b, moves, eventNames)
	b.WriteString("\n")
	for _, l := range slices.Sorted(maps.Keys(moves)) {
		if l.Live() {
			fmt.Fprintf(&b, "- %s counts\n", l)
		}
	}
	b.WriteString("\n## Roles\n\nWho may do what. The actor of an offer's first entry is its administrator and operator. Nobody gives a role to itself, and\nnobody approves what the same person proposed, by whatever key.\n\n| role | may |\n| --- | --- |\n")
	for _, r := range slices.Sorted(maps.Keys(rights)) {
		var may []string
		for _, right := range rights[r] {
			may = append(may, right.String())
		}
		fmt.Fprintf(&b, "| %s | %s |\n", r, strings.Join(may, ", "))
	}
	b.WriteString(`
## Proposals

A second person approves the exact bytes of a proposal, by their digest, and what it is about as it was when it was made. What changes
meanwhile and bears on it makes it stale: it is refused, and has to be made again. All else leaves it as it is.

| proposal | made with the right to | approved with the right to | is stale once this changes |
| --- | --- | --- | --- |
`)
	for _, w := range slices.Sorted(maps.Keys(proposals)) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", w, proposals[w].make, proposals[w].decide, proposals[w].bears.on)
	}
	b.WriteString(`
Where a proposal stands. The first three are on record; the others follow from the record and the time that is asked about.

| code | state | which says |
| --- | --- | --- |
`)
	for state := Pending; state <= Superseded; state++ {
		fmt.Fprintf(&b, "| %d | %s | %s |\n", state, state, proposalStates[state].means)
	}
	b.WriteString("\n## Reading\n\nWho sees what. To participants and holders what another account has is as if it were not there. What is denied goes on\nrecord. docs/authorization.md has the commands.\n\n| subject | at any time | of their accounts | all who may read the terms |\n| --- | --- | --- | --- |\n")
	for _, subject := range slices.Sorted(maps.Keys(sights)) {
		x := sights[subject]
		var always []string
		for _, r := range slices.Sorted(maps.Keys(rights)) {
			if slices.Contains(rights[r], x.right) {
				always = append(always, string(r))
			}
		}
		own, later := "", ""
		if x.own {
			own = "holder, participant"
		}
		if x.public != nil {
			later = "once " + x.from
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", subject, strings.Join(always, ", "), own, later)
	}
	b.WriteString(`
## Rules

A proposal is judged by the rules of the program that wrote it: the version of its entry is their number. So what was
decided stays decided when a later program folds the journal again.

| rules | what they judge |
| --- | --- |
| 1 | a condition as the terms state it; a series ends by proposal alone; every payment is of one instruction |
| 2 | a condition by what is tendered and consented; a file ends the series that it names; consents count; participants are paid once for each series where the terms say so |
| 3 | a proposal by what bears on it, where every change of the terms made it stale before; nothing is accepted early under order: priority; the payments released are those of the result, and a result is settled once they are; a guarantee that is accepted early can be delivered until its deadline and is paid with the final result; until then the offer does not end, only series of it do, and a final run that can accept nothing more pays it under any condition; the waiver of a condition is in force once it is approved, also on the first morning |
`)
	sameFile(t, "../docs/lifecycle.md", b.String())
}

// diagram prints a life as a state diagram and as a table of codes.
func diagram[L, E interface {
	cmp.Ordered
	fmt.Stringer
}](b *strings.Builder, moves map[L]map[E]L, events map[E]string) {
	id := func(l L) string { return strings.ReplaceAll(l.String(), "-", "_") }
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, from := range slices.Sorted(maps.Keys(moves)) {
		for _, e := range slices.Sorted(maps.Keys(moves[from])) {
			fmt.Fprintf(b, "    %s --> %s: %s\n", id(from), id(moves[from][e]), e)
		}
	}
	b.WriteString("```\n\n| code | state | moved on by |\n| --- | --- | --- |\n")
	for _, from := range slices.Sorted(maps.Keys(moves)) {
		var on []string
		for _, e := range slices.Sorted(maps.Keys(moves[from])) {
			if moves[from][e] != from {
				on = append(on, e.String())
			}
		}
		if on == nil {
			on = []string{"nothing"}
		}
		fmt.Fprintf(b, "| %v | %s | %s |\n", fmt.Sprintf("%d", any(from)), from, strings.Join(on, ", "))
	}
	b.WriteString("\nEvents: ")
	var names []string
	for _, e := range slices.Sorted(maps.Keys(events)) {
		names = append(names, fmt.Sprintf("%d %s", any(e), events[e]))
	}
	b.WriteString(strings.Join(names, ", ") + ".\n")
}

func TestRefusalsDoc(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# Refusals

A refusal is an answer: it stands in the journal's outcome, with a code, what decided, and what was found and needed. It
changes nothing. The codes stand in order of precedence: where two apply, the first is given. A code may retire; it does
not get a new meaning. The table is printed from package book by its tests.

| code | name | means | what to do |
| --- | --- | --- | --- |
`)
	for _, c := range codes {
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", c.Code, c.Name, c.Means, c.Next)
	}
	sameFile(t, "../docs/refusals.md", b.String())
}

func sameFile(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the tables say (%v): go test ./book -update", name, err)
	}
}

func TestCodesAreOnesOfTheirOwn(t *testing.T) {
	names, numbers := map[string]bool{}, map[Code]bool{}
	for _, c := range codes {
		if names[c.Name] || numbers[c.Code] || c.Name == "" || c.Means == "" || c.Next == "" || c.Code == Taken {
			t.Errorf("code %d %q stands twice or says nothing", c.Code, c.Name)
		}
		names[c.Name], numbers[c.Code] = true, true
	}
	if got := Code(200).String(); got != "code 200" {
		t.Errorf("a code that is not known is %q", got)
	}
}

// codesForEver are the numbers that journals and snapshots hold.
const codesForEver = `1 draft,2 approved,3 commenced,4 priced,5 early-results,6 early-settled,7 expired,8 accepted,9 settled,10 terminated,11 lapsed
1 open,2 extended,3 expired,4 terminated
1 received,2 defective,3 cured,4 waived,5 blocked,6 withdrawn,7 late,8 guaranteed,9 delivered,10 failed-to-deliver,11 accepted,12 prorated,13 returned,14 settled`

func TestCodesNeverChangeTheirMeaning(t *testing.T) {
	lines := strings.Split(codesForEver, "\n")
	check := func(line string, of func(uint8) string) {
		for pair := range strings.SplitSeq(line, ",") {
			var n uint8
			var name string
			fmt.Sscan(pair, &n, &name)
			if of(n) != name {
				t.Errorf("state %d is %q, it has been %q", n, of(n), name)
			}
		}
	}
	check(lines[0], func(n uint8) string { return OfferLife(n).String() })
	check(lines[1], func(n uint8) string { return SeriesLife(n).String() })
	check(lines[2], func(n uint8) string { return Life(n).String() })
}

func TestEveryStateCanBeReachedAndHasAName(t *testing.T) {
	reached := map[Life]bool{Received: true, LateReceived: true, Guaranteed: true}
	for range moves {
		for from, by := range moves {
			for e, to := range by {
				if e.String() == "" || to.String() == "" {
					t.Errorf("%s has no name", from)
				}
				reached[to] = reached[to] || reached[from]
			}
		}
	}
	for l := range moves {
		if !reached[l] {
			t.Errorf("no instruction can be %s", l)
		}
	}
	if len(moves) != len(lifeNames) || len(offerMoves) != len(offerLifeNames) || len(seriesMoves) != len(seriesLifeNames) {
		t.Error("a state is missing in a table")
	}
}
