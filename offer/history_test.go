package offer

import (
	"strings"
	"testing"
	"time"
)

// amendment reads an amendment written in a test.
func amendment(t *testing.T, name, yaml string) *File {
	t.Helper()
	f, err := Read(name, []byte(yaml))
	if err != nil {
		t.Fatalf("%s is refused:\n%v", name, err)
	}
	return f
}

const supplement = `tenderbook: 1
amends: LVLT-2004
effective: 2004-11-17 08:30
dates:
  expiration: by 2004-12-01 24:00
caps:
  - name: Tender Cap
    amount: USD 1,105,000,000
`

func level3(t *testing.T, amendments ...*File) *History {
	t.Helper()
	h, err := NewHistory(readFile(t, "testdata/level3-2004.yaml"), amendments...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestTermsInForceChangeAtTheInstantOfTheAmendment(t *testing.T) {
	h := level3(t, amendment(t, "supplement.yaml", supplement))
	newYork, _ := time.LoadLocation("America/New_York")
	at := time.Date(2004, 11, 17, 8, 30, 0, 0, newYork)
	for _, x := range []struct {
		claim string
		t     time.Time
		want  string
	}{
		{"before the offer commenced the first terms answer", at.AddDate(-1, 0, 0), "450,000,000"},
		{"a nanosecond before, the old cap is in force", at.Add(-1), "450,000,000"},
		{"at the instant, the new one is", at, "1,105,000,000"},
		{"and stays", at.AddDate(1, 0, 0), "1,105,000,000"},
	} {
		if got := h.At(x.t).Caps[0].Amount.Grouped(); got != x.want {
			t.Errorf("%s: got %s, want %s", x.claim, got, x.want)
		}
	}
	if h.Final() != h.Versions()[1].Terms {
		t.Error("the final terms are not those of the last version")
	}
}

func TestDiffSaysWhatTheSupplementChanged(t *testing.T) {
	v := level3(t, amendment(t, "supplement.yaml", supplement)).Versions()
	var got []string
	for _, d := range Diff(v[0].Terms, v[1].Terms) {
		got = append(got, d.String())
	}
	want := []string{
		"dates.expiration: by 2004-11-29 24:00 -> by 2004-12-01 24:00",
		"caps.Tender Cap.amount: USD 450,000,000 -> USD 1,105,000,000",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAmendmentsChangeAddAndRemove(t *testing.T) {
	head := "tenderbook: 1\namends: LVLT-2004\neffective: 2004-11-05 09:00\n"
	for _, x := range []struct{ claim, yaml, want string }{
		{"a series key changes alone", "series: [{id: \"11\", maximum: 300000000}]", "series.11.maximum: 362,036,000 -> 300,000,000"},
		{"none takes a key out", "series: [{id: \"11\", maximum: none}]", "series.11.maximum: 362,036,000 -> (none)"},
		{"rates are changed by pair", "exchange_rates: {EUR/USD: 1.31}", "exchange_rates.EUR/USD: 1.2950 -> 1.31"},
		{"a part of a group changes alone", "acceptance: {remainder: next}", "acceptance.remainder: lost -> next"},
		{"a condition is waived", "conditions: [{id: financing, status: waived}]", "conditions.financing.status: (none) -> waived"},
		{
			"a condition is removed", "conditions: [{id: general, remove: true}]",
			"conditions.general.id: general -> (none)\nconditions.general.text: General conditions of the offer to purchase -> (none)\nconditions.general.kind: other -> (none)\nconditions.general.waivable: true -> (none)",
		},
		{
			"a cap is added", "caps: [{name: Euro pool, amount: EUR 9000000, counts: purchase-price, series: [\"10.75\"]}]",
			"caps.Euro pool.name: (none) -> Euro pool\ncaps.Euro pool.amount: (none) -> EUR 9,000,000\ncaps.Euro pool.counts: (none) -> purchase-price\ncaps.Euro pool.series: (none) -> 10.75",
		},
		{
			"levels take the place of level", "series: [{id: \"11\", levels: [{level: 2, up_to: 1000000}, {level: 4}]}]",
			"series.11.levels.0.level: (none) -> 2\nseries.11.levels.0.up_to: (none) -> 1,000,000\nseries.11.levels.1.level: (none) -> 4\nseries.11.level: 2 -> (none)",
		},
	} {
		v := level3(t, amendment(t, "amendment.yaml", head+x.yaml+"\n")).Versions()
		var got []string
		for _, d := range Diff(v[0].Terms, v[1].Terms) {
			got = append(got, d.String())
		}
		if strings.Join(got, "\n") != x.want {
			t.Errorf("%s:\n%s\ngot\n%s\nwant\n%s", x.claim, x.yaml, strings.Join(got, "\n"), x.want)
		}
	}
}

func TestAmendmentsAreRefusedWithTheirPlace(t *testing.T) {
	head := "tenderbook: 1\namends: LVLT-2004\neffective: 2004-11-05 09:00\n"
	for _, x := range []struct{ claim, yaml, want string }{
		{"of another offer", "tenderbook: 1\namends: OTHER\neffective: 2004-11-05 09:00\n", `amendment.yaml:2:9: amends: "OTHER" is another offer: needs "LVLT-2004", the offer of testdata/level3-2004.yaml`},
		{"before the offer", "tenderbook: 1\namends: LVLT-2004\neffective: 2004-10-05 09:00\ndates: {expiration: by 2004-12-01 24:00}\n", `amendment.yaml:3:12: effective: "2004-10-05 09:00" lies before the offer commenced: needs a time from 2004-10-29 on`},
		{"no change", head + "acceptance: {order: priority}\n", `amendment.yaml:1:1: the amendment changes nothing: needs at least one key that differs from the terms before`},
		{"an equal value written differently", head + "exchange_rates: {EUR/USD: 1.295}\n", `amendment.yaml:1:1: the amendment changes nothing: needs at least one key that differs from the terms before`},
		{"a deadline that has passed", head + "dates: {early_tender: by 2004-11-04 17:00, withdrawal: by 2004-11-12 17:00}\n", `amendment.yaml:4:23: dates.early_tender: "by 2004-11-04 17:00" lies before the amendment takes effect, 2004-11-05 09:00: needs a time after it`},
		{"a removal of what is not there", head + "caps: [{name: Tender Cup, remove: true}]\n", `amendment.yaml:4:15: caps.Tender Cup: "Tender Cup" is not there to be removed: needs "Tender Cap"` + "\n    did you mean \"Tender Cap\"?"},
		{"the sum does not hold any more", head + "series: [{id: \"11\", consideration: {early_payment: 30}}]\n", `testdata/level3-2004.yaml:58:83: series.11.consideration.total: 887.50 is not tender_offer 867.50 + early_payment 30: needs 897.50`},
		{"a new cap that is not complete", head + "caps: [{name: Pool, amount: USD 5}]\n", `amendment.yaml:4:8: caps.Pool.counts: is missing: needs what counts toward it: principal or shares, the consideration paid, that with accrued interest, or the new notes of an exchange before denominations`},
	} {
		_, err := NewHistory(readFile(t, "testdata/level3-2004.yaml"), amendment(t, "amendment.yaml", x.yaml))
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s:\ngot  %v\nwant %s", x.claim, err, x.want)
		}
	}
}

func TestAmendmentsTakeTheOrderOfTheirTimes(t *testing.T) {
	later := amendment(t, "later.yaml", "tenderbook: 1\namends: LVLT-2004\neffective: 2004-11-18 09:00\ncaps: [{name: Tender Cap, amount: USD 1200000000}]\n")
	h := level3(t, later, amendment(t, "supplement.yaml", supplement))
	if got := h.Final().Caps[0].Amount.Grouped(); got != "1,200,000,000" {
		t.Errorf("got %s, want the cap of the later file", got)
	}
	same := amendment(t, "same.yaml", strings.Replace(supplement, "1,105", "1,106", 1))
	if _, err := NewHistory(readFile(t, "testdata/level3-2004.yaml"), amendment(t, "supplement.yaml", supplement), same); err == nil {
		t.Error("two amendments of one instant have no order, but were taken")
	}
}

func TestSetFindsThePlace(t *testing.T) {
	for _, x := range []struct{ path, value, want string }{
		{"caps.0.amount", "USD 1,105,000,000", "caps.Tender Cap.amount: USD 450,000,000 -> USD 1,105,000,000"},
		{"caps.Tender Cap.amount", "USD 1,105,000,000", "caps.Tender Cap.amount: USD 450,000,000 -> USD 1,105,000,000"},
		{"caps.Tender Cap.series", "[11, 10.5]", "caps.Tender Cap.series: all -> 11, 10.5"},
		{"series.9.125.level", "2", "series.9.125.level: 1 -> 2\nseries.11.level: 2 -> 1"},
		{"series.0.maximum", "none", "series.9.125.maximum: 450,000,000 -> (none)"},
		{"series.10.75.consideration.per", "100", "series.10.75.consideration.per: 1000 -> 100"},
		{"exchange_rates.EUR/USD", "1.3", "exchange_rates.EUR/USD: 1.2950 -> 1.3"},
		{"acceptance.factor_decimals", "4", "acceptance.factor_decimals: (none) -> 4"},
		{"payment.round_interest", "per-1000", "payment.round_interest: per-payment -> per-1000"},
	} {
		h := level3(t)
		changes := []Override{{x.path, x.value}}
		if x.path == "series.9.125.level" {
			changes = append(changes, Override{"series.11.level", "1"}) // or level 1 would be empty
		}
		changed, err := h.SetAll(changes...)
		if err != nil {
			t.Errorf("%s=%s: %v", x.path, x.value, err)
			continue
		}
		var got []string
		for _, d := range Diff(h.Final(), changed.Final()) {
			got = append(got, d.String())
		}
		if strings.Join(got, "\n") != x.want {
			t.Errorf("%s=%s: got\n%s\nwant\n%s", x.path, x.value, strings.Join(got, "\n"), x.want)
		}
		if got := h.Final().Caps[0].Amount.Grouped(); got != "450,000,000" {
			t.Fatalf("%s=%s changed the history it came from", x.path, x.value)
		}
	}
}

func TestSetRefusesWithTheNearestPath(t *testing.T) {
	for _, x := range []struct{ path, value, want string }{
		{"caps.0.amonut", "USD 1", `set caps.0.amonut:1:1: caps.Tender Cap: unknown key "amonut"` + "\n    did you mean \"amount\"?"},
		{"caps.Tender Cup.amount", "USD 1", `caps: no item is called "Tender Cup"` + "\n    did you mean \"Tender Cap\"?"},
		{"caps.7.amount", "USD 1", `caps: no item is called "7": needs "Tender Cap"`},
		{"series.9.25.level", "1", `series: no item is called "9": needs "9.125", "11", "10.5" or "10.75"`},
		{"caps.0.amount", "1,105,000,000", `set caps.0.amount:1:1: caps.Tender Cap.amount: "1,105,000,000" does not name both: needs a currency and an amount, such as USD 450,000,000` + "\n    did you mean \"USD 1,105,000,000\"?"},
		{"series.11.consideration.total", "900", "series.11.consideration.total: 900 is not tender_offer 867.50 + early_payment 20.00: needs 887.50"},
		{"caps", "x", "caps: is a whole group"},
		{"title.x", "x", `title: has no keys, such as "x"`},
		{"caps.0.amount", "", `no value is given: needs a value, or "none" to take the key out`},
	} {
		_, err := level3(t).Set(x.path, x.value)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s=%s:\ngot  %v\nwant %s", x.path, x.value, err, x.want)
		}
	}
}

func TestDigestIsOfTheTermsNotOfTheFile(t *testing.T) {
	terms := level3(t).Final()
	tidied, err := Read("tidied.yaml", []byte(strings.NewReplacer("837.50", "837.5", "1,203,652,000", "1203652000", "  # waivable", "").Replace(string(mustRead(t, "testdata/level3-2004.yaml")))))
	if err != nil {
		t.Fatal(err)
	}
	if terms.Digest() != tidied.Terms.Digest() {
		t.Error("writing the same numbers differently changed the digest")
	}
	changed, err := level3(t).Set("caps.0.amount", "USD 450,000,000.01")
	if err != nil {
		t.Fatal(err)
	}
	if changed.Final().Digest() == terms.Digest() {
		t.Error("a cent more in the cap left the digest as it was")
	}
}

// What Diff shows of a value can be given back to Set and changes nothing: the
// paths are those that Set takes, and the texts those that the reader reads.
func TestEveryPathAndTextThatIsShownCanBeSet(t *testing.T) {
	for _, name := range []string{"testdata/everything.yaml", "testdata/auction.yaml", "testdata/exchange.yaml", "testdata/level3-2004.yaml"} {
		h, err := NewHistory(readFile(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range h.Final().lines() {
			path, value := joinPath(l.path), l.text
			switch last := l.path[len(l.path)-1]; last {
			case "dates", "less", "cusip", "isin", "series":
				if value != "all" {
					value = "[" + value + "]"
				}
			}
			set, err := h.Set(path, value)
			if err != nil {
				t.Errorf("%s: %s=%s: %v", name, path, value, err)
				continue
			}
			if d := Diff(h.Final(), set.Final()); len(d) > 0 || set.Final().Digest() != h.Final().Digest() {
				t.Errorf("%s: %s=%s changed %v", name, path, value, d)
			}
		}
	}
}
