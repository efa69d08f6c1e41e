package rulebook

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/rules.md again")

const docPath = "../docs/rules.md"

// intro and coda are what docs/rules.md says beside the tables.
const intro = `# The rules

<!-- Printed from the table in rulebook/ by TestRulesDoc; go test ./rulebook -update writes it again. -->

What ` + "`tender check`" + ` and the package ` + "`rulebook`" + ` judge an offer by. An offer is judged by the rules that were in force on the day it
commenced, for the set that it names under ` + "`rules`" + `; a change of terms by the same rules, from the day of its notice in New York. Nothing here says that an offer is
lawful: it says which tests ran, on what, and what each found.

**How days are counted.** Law days are the calendar ` + "`us-federal`" + `: Good Friday counts, Veterans Day does not. The day of commencement, or of a notice, is day 1 if it is a
business day. A day ends at 24:00 in New York; a period of Regulation 14E lasts to the end of its last day (the customary 11:59 p.m. leaves a minute and gets a warning), one of the
staff letter or the order to 5:00 p.m. of it. An offer whose series end at different times is judged by the earliest. Whether a day counts on which federal offices were closed by
executive order (mourning, Christmas Eve), or the first Juneteenth, made a holiday the day before, is not settled: the calendar counts the closings and leaves out Juneteenth, and where
the verdict depends on it a person decides.

**Verdicts.** *pass*: the test found what the rule asks for. *warn*: custom or caution. *needs-human*: a fact is missing (the finding names the key to add), or the test would fail on a rule
marked (K). *fail*: the test found something else. (K) means general knowledge: the rule's text was not read, so it never fails an offer by itself.

**What is a change.** R2 looks at prices, spreads, caps, maximums, series and the dealer's fee; R6 at deadlines other than a later expiration, at conditions that are added, dropped, changed or waived, at
levels, denominations and the rules of acceptance. A price that is filled in at price determination, a condition that is satisfied, a settlement date and a title are no changes.
R3 measures a raise against the smallest class it may go to and against all of them; in between a person decides, and R2 takes it for an increase. Each raise is measured by itself: several
small ones in a row are for a person to add up.

`

const coda = `
Not tested: what the documents say, who receives them, whether disclosure is complete, purchases outside the offer, the rules of other countries, and every condition of the order of 30 June 2026 that
R12h stands for.
`

func rulesDoc() string {
	var b strings.Builder
	b.WriteString(intro)
	b.WriteString("## The table\n\n| id | rule | days | sets, and dates of commencement | citation | read | facts |\n|---|---|---|---|---|---|---|\n")
	for _, r := range Rules() {
		var in []string
		for _, s := range r.In {
			in = append(in, "`"+s.Set+"` "+s.Text())
		}
		days, read := "", "yes"
		if r.Days > 0 {
			days = fmt.Sprint(r.Days)
		}
		if !r.Confirmed {
			read = "(K)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", r.ID, r.Title, days, strings.Join(in, "<br>"), r.Citation, read, codes(r.Facts))
	}
	b.WriteString("\nR0 is not a rule: it says that no rule of the set is dated for the offer.\n\n## Facts\n\nWhat rules ask for and terms do not show. In the offer file, under `facts`:\n\n| key | value | what it says | asked by |\n|---|---|---|---|\n")
	for _, f := range Facts() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Key, f.Form, f.Meaning, strings.Join(askedBy(f.Key), ", "))
	}
	b.WriteString(coda)
	return b.String()
}

func codes(keys []string) string {
	var all []string
	for _, k := range keys {
		all = append(all, "`"+k+"`")
	}
	return strings.Join(all, ", ")
}

func askedBy(key string) []string {
	var ids []string
	for _, r := range Rules() {
		if slices.Contains(r.Facts, key) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func TestRulesDoc(t *testing.T) {
	if *update {
		if err := os.WriteFile(docPath, []byte(rulesDoc()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docPath)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rulesDoc(), string(got)); diff != "" {
		t.Errorf("%s is not what the table says (-table +file); go test ./rulebook -update writes it\n%s", docPath, diff)
	}
}

var ruleID = regexp.MustCompile(`\bR\d+[a-k]?\b`)

func TestEveryRuleNamedAnywhereIsInTheTable(t *testing.T) {
	known := map[string]bool{"R0": true}
	for _, r := range Rules() {
		if known[r.ID] {
			t.Errorf("%s stands in the table twice", r.ID)
		}
		known[r.ID] = true
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{docPath}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".go") {
			paths = append(paths, f.Name())
		}
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ruleID.FindAllString(string(text), -1) {
			if !known[id] {
				t.Errorf("%s names %s, which is no rule", path, id)
			}
		}
	}
}

// neverPass are rules that by what they are find nothing but work for a
// person; neverElse is empty: every rule can find fault.
var neverPass = map[string]string{
	"R12h": "stands for conditions that were not read",
	"R25":  "speaks only where its own conditions, which were not read, are relied on",
}

func TestEveryRuleHasAClaimThatPassesAndOneThatDoesNot(t *testing.T) {
	passed, other := map[string]bool{}, map[string]bool{}
	for _, c := range claims() {
		if c.want == Pass {
			passed[c.rule] = true
		} else {
			other[c.rule] = true
		}
	}
	for _, r := range Rules() {
		if !passed[r.ID] && neverPass[r.ID] == "" {
			t.Errorf("no claim shows %s passing", r.ID)
		}
		if !other[r.ID] {
			t.Errorf("no claim shows %s finding fault", r.ID)
		}
	}
}

func TestEveryFactIsDeclaredByTheRuleThatAsksForIt(t *testing.T) {
	asked := regexp.MustCompile(`facts\.([a-z_]+)`)
	for _, f := range Facts() {
		if len(askedBy(f.Key)) == 0 {
			t.Errorf("fact %s is asked for by no rule", f.Key)
		}
	}
	for _, c := range claims() {
		for i := range c.history {
			c.history[i].Terms = with(c.history[i].Terms)
			clear(c.history[i].Terms.Facts)
		}
		for _, f := range Check(c.history) {
			for _, m := range asked.FindAllStringSubmatch(f.Why, -1) {
				i := slices.IndexFunc(table, func(r Rule) bool { return r.ID == f.Rule })
				if i < 0 || !slices.Contains(table[i].Facts, m[1]) {
					t.Errorf("%s asks for facts.%s, which its entry does not list", f.Rule, m[1])
				}
				if !slices.ContainsFunc(facts, func(x Fact) bool { return x.Key == m[1] }) {
					t.Errorf("%s asks for facts.%s, which is not among the facts", f.Rule, m[1])
				}
			}
		}
	}
}

func TestFactsStandInOrder(t *testing.T) {
	if !slices.IsSortedFunc(Facts(), func(a, b Fact) int { return strings.Compare(a.Key, b.Key) }) {
		t.Error("facts are not in alphabetical order")
	}
}

func TestNothingIsSaidToBeLawful(t *testing.T) {
	verdict := regexp.MustCompile(`(?i)\bcompl(iant|iance|ies)\b|\b(is|are) (lawful|legal)\b`)
	texts := map[string]bool{}
	for _, c := range claims() {
		for _, f := range Check(c.history) {
			texts[f.Why], texts[f.Title], texts[f.Verdict.String()] = true, true, true
		}
	}
	for text := range texts {
		if m := verdict.FindString(text); m != "" {
			t.Errorf("%q says %q", text, m)
		}
	}
}
