package desk_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tenderbook/book"
	"tenderbook/journal"
)

// A script is a journal before it is written: what is appended at each of the
// hours. It is made by playing an offer in memory, since proposals name what was
// on record before them.
type script struct {
	*testing.T
	offer  string
	hours  [][]journal.Draft
	random *rand.Rand
	state  *book.State
	last   journal.Receipt
	ids    int
}

// hours are the times of the scripts: around every deadline of the offers to the
// nanosecond, so that rows of one batch differ in nothing but their side.
var hours = []time.Time{
	time.Date(2004, 10, 28, 20, 0, 0, 0, time.UTC), // drafted and launched
	time.Date(2004, 11, 1, 15, 0, 0, 0, time.UTC),
	time.Date(2004, 11, 12, 21, 59, 59, 999_999_999, time.UTC),
	time.Date(2004, 11, 12, 22, 0, 0, 0, time.UTC), // early tender date
	time.Date(2004, 11, 12, 22, 0, 0, 1, time.UTC),
	time.Date(2004, 11, 20, 15, 0, 0, 0, time.UTC),
	end.Add(-1),
	end,
	end.Add(1),
	end.Add(time.Hour), // decided
}

// written makes the script of a number: the same one each time.
func written(t *testing.T, number int) *script {
	t.Helper()
	p := &script{T: t, offer: fmt.Sprint("PLAY-", number), random: rand.New(rand.NewPCG(5, uint64(number)))}
	p.state = book.New(p.offer)
	sides := [][2]string{{"by", "before"}, {"by", "by"}, {"before", "before"}}[p.random.IntN(3)]
	for hour := range hours {
		p.hours = append(p.hours, nil)
		switch hour {
		case 0:
			p.open(offerOf(t, p.offer, sides[0], sides[1]))
		case len(hours) - 1:
			p.close()
		default:
			p.busy()
		}
	}
	return p
}

// add appends a command at the hour that is being written.
func (p *script) add(actor string, c book.Command) book.Outcome {
	p.Helper()
	p.ids++
	d, err := book.Draft(actor, fmt.Sprint("key ", p.ids), c)
	if err != nil {
		p.Fatal(err)
	}
	hour := len(p.hours) - 1
	p.hours[hour] = append(p.hours[hour], d)
	e := journal.Next(p.offer, p.last, hours[hour], d)
	p.last = journal.ReceiptOf(&e)
	return p.state.Apply(&e)
}

// agree has ann propose and bob or cat approve.
func (p *script) agree(x book.Proposal) {
	p.Helper()
	x.Basis, x.Expires = p.state.TermsDigest(), hours[len(hours)-1].Add(time.Hour)
	o := p.add("ann", &x)
	if o.Refusal != nil {
		p.Fatalf("%s: %v", x.What, o.Refusal)
	}
	p.add([]string{"bob", "cat"}[p.random.IntN(2)], approval(o.Seq, &x))
}

func (p *script) open(file string) {
	p.Helper()
	p.add("ann", &book.Offer{Name: "offer.yaml", File: file})
	p.add("ann", &book.Grant{Actor: "bob", Role: book.Approver})
	p.add("ann", &book.Grant{Actor: "cat", Role: book.Approver})
	for _, participant := range []string{"0443", "0161"} {
		p.add("ann", &book.Grant{Actor: "acme", Role: book.Participant, Participant: participant})
	}
	p.agree(book.Proposal{What: book.Launch})
}

// busy is an hour of the offer: batches, and now and then a position, a defect, a
// cure, a note or a raised cap.
func (p *script) busy() {
	p.Helper()
	for range 1 + p.random.IntN(5) {
		switch p.random.IntN(40) {
		case 0, 1, 2:
			p.add("ann", &book.Positions{Source: "depository", List: []book.Position{{Participant: p.participant(), Series: p.series(), Principal: 40_000_000_00 + p.random.Int64N(100)*1000_00}}})
		case 3, 4, 5:
			p.add("ann", &book.Review{Action: "defect", Instruction: p.known(), Why: "no signature"})
		case 6, 7, 8:
			p.add("ann", &book.Review{Action: "cure", Instruction: p.known()})
		case 9: // seldom: reading and comparing terms takes longer than all the rest
			p.agree(book.Proposal{What: book.Amend, Name: "amendment.yaml", File: raised(p.offer, hours[len(p.hours)-1].Add(-2*time.Hour), 450_000_000+int64(p.ids)*1000)}) // another one each time: an amendment must change something
		default:
			p.batch()
		}
	}
}

func (p *script) batch() {
	p.Helper()
	b := &book.Instructions{Channel: "api", AllOrNothing: p.random.IntN(6) == 0}
	for range 1 + p.random.IntN(8) {
		p.ids++
		row := book.Row{
			Action: book.Tender, ID: fmt.Sprint("T", p.ids), Series: p.series(), Participant: p.participant(),
			Holder: fmt.Sprint("holder ", p.random.IntN(9)), Principal: (1 + p.random.Int64N(90_000)) * 1000_00,
		}
		switch p.random.IntN(8) {
		case 0:
			row.RefersTo = p.known()
		case 1, 2:
			row = book.Row{Action: book.Withdraw, ID: row.ID, Participant: row.Participant, RefersTo: p.known(), Principal: 1000_00 * p.random.Int64N(20)}
		case 3:
			row.Principal += 500_00 // no whole multiple
		}
		b.Rows = append(b.Rows, row)
	}
	p.add("acme", b)
}

func (p *script) series() string {
	return []string{"9.125", "11", "10.5", "10.75"}[p.random.IntN(4)]
}

func (p *script) participant() string { return []string{"0443", "0161"}[p.random.IntN(2)] }

// known is the id of something that may be on record.
func (p *script) known() string { return fmt.Sprint("T", 1+p.random.IntN(p.ids)) }

// close accepts what follows from the book, if anything does.
func (p *script) close() {
	p.Helper()
	p.add("ann", &book.Note{Text: "the offer has expired"})
	plan, err := p.state.Plan(book.Final)
	if err != nil {
		p.Fatal(err)
	}
	p.agree(book.Proposal{What: book.Accept, Run: book.Final, Result: plan.Digest})
}
