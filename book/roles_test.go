package book

import "testing"

// An administrator comes by no right in the offer's business without another
// administrator, by whatever name, and an offer is never without one.
func TestNobodyGivesARoleToItself(t *testing.T) {
	p := &play{TB: t, s: New("LVLT-2004"), now: newYork(t, "2004-10-28 18:00")}
	p.must(ann, &Offer{Name: "offer.yaml", File: file(t)})
	p.must(ann, &Grant{Actor: "ada", Role: Administrator})
	for _, x := range []struct {
		claim, actor string
		c            Command
		want         Code
	}{
		{"an administrator cannot become an approver", "ada", &Grant{Actor: "ada", Role: Approver}, BadGrant},
		{"nor can a key of its own", "ada", &Grant{Actor: "ada-key", Person: "ada", Role: Approver}, BadGrant},
		{"another administrator can do that", ann, &Grant{Actor: "ada-key", Person: "ada", Role: Administrator}, Taken},
		{"whose key gives nothing to the person behind it", "ada-key", &Grant{Actor: "ada", Role: Approver}, BadGrant},
		{"nor to another key of that person", "ada-key", &Grant{Actor: "ada-phone", Person: "ada", Role: Operator}, BadGrant},
		{"a role of its own can be given up", "ada", &Grant{Actor: "ada", Role: Administrator, Take: true}, Taken},
		{"so can that of a key", ann, &Grant{Actor: "ada-key", Role: Administrator, Take: true}, Taken},
		{"the last administrator stays", ann, &Grant{Actor: ann, Role: Administrator, Take: true}, BadGrant},
		{"until there is another", ann, &Grant{Actor: "ada", Role: Administrator}, Taken},
		{"who takes the role from the first", "ada", &Grant{Actor: ann, Role: Administrator, Take: true}, Taken},
		{"who then gives nobody anything", ann, &Grant{Actor: bob, Role: Approver}, NotAllowed},
	} {
		if o := p.send(x.actor, x.c); o.Code() != x.want {
			t.Errorf("%s: %v, want %s", x.claim, o.Refusal, x.want)
		}
	}
	restored(t, p.s)
}

// A denial is decided by the fold, at the time of its entry.
func TestAnInquiryIsDecidedAtItsTime(t *testing.T) {
	p := open(t)
	for _, x := range []struct {
		at, claim, actor string
		q                Inquiry
		want             Code
	}{
		{"2004-11-12 16:59", "totals before the early date are not a participant's", acme, Inquiry{Subject: SeeTotals}, NotAllowed},
		{"2004-11-12 16:59", "but an approver's", bob, Inquiry{Subject: SeeTotals}, Taken},
		{"2004-11-12 17:00", "at the early date they are said", acme, Inquiry{Subject: SeeTotals}, Taken},
		{"2004-11-12 17:00", "not to strangers", "eve", Inquiry{Subject: SeeTotals}, NotAllowed},
		{"2004-11-12 17:00", "what would be accepted is not", acme, Inquiry{Subject: SeePlan}, NotAllowed},
		{"2004-11-12 17:00", "a position of its own is a participant's", acme, Inquiry{SeePositions, "0161"}, Taken},
		{"2004-11-12 17:00", "another's is not", acme, Inquiry{SeePositions, "0999"}, NotYourAccount},
		{"2004-11-12 17:00", "what nobody lists is nobody's", bob, Inquiry{Subject: "secrets"}, NotAllowed},
	} {
		p.at(x.at)
		if o := p.send(x.actor, &x.q); o.Code() != x.want {
			t.Errorf("%s: %v, want %s", x.claim, o.Refusal, x.want)
		}
	}
}
