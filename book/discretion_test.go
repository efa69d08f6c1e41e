package book

import "testing"

// TestADuplicateTellsNothingOfAnothersAccount sends ids that are on record in every
// role: who does not see the account learns that the id is taken, and no more.
func TestADuplicateTellsNothingOfAnothersAccount(t *testing.T) {
	const (
		taken  = `duplicate-other: "T1" is taken in this offer, needs an id of its own`
		since  = `duplicate-other: "T1" is on record since entry 11, with other content`
		same   = `duplicate-same: "T1" is on record since entry 11, with the same content`
		not    = `unknown-instruction: participant "0777" has no instruction "T1" on record`
		denied = "not-your-account"
	)
	for _, x := range []struct {
		role           Role
		account        string
		row            Row
		want, withdraw string // of the id; of a withdrawal of it by account 0777
	}{
		{Participant, "0443", tenderOf("T1", "0443", 5000_00), same, denied},
		{Participant, "0443", tenderOf("T1", "0443", 6000_00), since, denied},
		{Participant, "0777", tenderOf("T1", "0777", 5000_00), taken, not},
		{Holder, "0777", tenderOf("T1", "0777", 6000_00), taken, not},
		{Operator, "", tenderOf("T1", "0777", 5000_00), since, not},
	} {
		p := open(t)
		p.must(ann, &Grant{Actor: "eve", Role: x.role, Participant: x.account})
		p.must(ann, &Note{Text: "so that the tender is entry 11"})
		p.must(ann, &Note{Text: "and one more"})
		p.must(ann, &Note{Text: "and one more"})
		if o := p.must(ann, &Instructions{Rows: []Row{tenderOf("T1", "0443", 5000_00)}}); o.Seq != 11 {
			t.Fatalf("the tender is entry %d", o.Seq)
		}
		if got := p.send("eve", &Instructions{Rows: []Row{x.row}}).Rows[0].Error(); got != x.want {
			t.Errorf("%s of %q sends T1 of %s: %s, want %s", x.role, x.account, x.row.Participant, got, x.want)
		}
		w := Row{Action: Withdraw, ID: "W1", Participant: "0777", RefersTo: "T1"}
		got := p.send("eve", &Instructions{Rows: []Row{w}}).Rows[0]
		if got.Error() != x.withdraw && got.Code.String() != x.withdraw {
			t.Errorf("%s of %q withdraws T1 as 0777: %s, want %s", x.role, x.account, got.Error(), x.withdraw)
		}
	}
}

func tenderOf(id, participant string, principal int64) Row {
	return Row{Action: Tender, ID: id, Series: "11", Participant: participant, Principal: principal}
}
