package book

import (
	"testing"

	"tenderbook/allocation"
)

// TestParticipantsArePaidOnce has three tenders of one participant whose prices
// end in parts of a cent: 3 × 862.505 is 2,587.515, which is paid as 2,587.52;
// each for itself would be paid 862.51, together 2,587.53.
func TestParticipantsArePaidOnce(t *testing.T) {
	p := openWith(t, changed(t, "pay_by: instruction", "pay_by: participant",
		"{per: 1000, tender_offer: 867.50, early_payment: 20.00, total: 887.50}", "{per: 1000, tender_offer: 842.505, early_payment: 20.00, total: 862.505}"))
	p.satisfy()
	p.rows("tender T1 0443 in 11 1000", "tender T2 0443 in 11 1000", "tender T3 0161 in 11 1000", "tender T4 0443 in 11 1000")
	p.tick("2004-12-02 09:00")
	plan, err := p.s.Plan(Final)
	if err != nil {
		t.Fatal(err)
	}
	paid, sum := map[string]int64{}, int64(0)
	plan.Each(func(x Instruction, _ allocation.Tender, o allocation.Outcome) bool {
		paid[x.ID] = o.Consideration
		sum += o.Consideration
		return true
	})
	if got := paid["T1"] + paid["T2"] + paid["T4"]; got != 2587_52 || paid["T3"] != 862_51 {
		t.Errorf("0443 is paid %d in all, 0161 %d: %v", got, paid["T3"], paid)
	}
	var lines int64
	for _, step := range plan.Decision.Steps {
		for _, l := range step.Lines {
			lines += l.Consideration
		}
	}
	if lines != sum {
		t.Errorf("the lines of the decision add up to %d, the payments to %d", lines, sum)
	}
	p.agree(p.acceptance(Final))
	if err := restored(t, p.s).Verify(Final); err != nil {
		t.Error(err)
	}
}
