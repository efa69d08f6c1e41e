// Command generate writes the made-up book of the Level 3 example: the same
// bytes on every machine, adding up to every total that was published.
//
// Only the totals are history. Participants, accounts, holders, sizes and times
// are invented; see ../README.md.
package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"
	_ "time/tzdata"
)

// A lot is what came in of one series in one window, net of withdrawals.
type lot struct {
	series    string
	early     bool
	thousands int // principal, thousands of the series' currency
	count     int // tenders that stay
	whole     int // further tenders that are withdrawn whole, in time
	parts     int // tenders of which a part is withdrawn in time
}

// lots adds up to what was published. With one euro at 1.2950 dollars:
//
//	early  244,957 + 225,041 + 261,136 + 288,489 x 1.2950 = 1,104,727.255
//	all    744,878 + 295,000 x 1.2950                     = 1,126,903
//	9 1/8%  244,957 + 4,500 = 249,457
//	11%     225,041 + 4,500 = 229,541
//	10 1/2% 261,136 + 4,744 = 265,880
var lots = []lot{
	{"9.125", true, 244_957, 325, 6, 5},
	{"11", true, 225_041, 252, 5, 4},
	{"10.5", true, 261_136, 325, 6, 6},
	{"10.75", true, 288_489, 221, 4, 4},
	{"9.125", false, 4_500, 14, 0, 0},
	{"11", false, 4_500, 9, 0, 0},
	{"10.5", false, 4_744, 12, 0, 0},
	{"10.75", false, 6_511, 11, 0, 0},
}

// theExample is the instruction that README.md and the demo follow.
const theExample = 731

func main() {
	log.SetFlags(0)
	out := bufio.NewWriter(os.Stdout)
	if err := write(out); err != nil {
		log.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

// write draws the book and writes it in the order of receipt.
func write(w io.Writer) error {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return err
	}
	d := &draw{rand.New(rand.NewPCG(2004, 1029)), zone}
	var rows []*row
	for _, l := range lots {
		rows = append(rows, d.lot(l)...)
	}
	rows = append(rows, d.onTheEdges(rows)...)
	number(rows)
	return writeCSV(w, rows)
}

// number sorts by receipt and hands out the ids in that order; the example's
// is kept for it.
func number(rows []*row) {
	slices.SortStableFunc(rows, func(a, b *row) int { return a.at.Compare(b.at) })
	next := 1
	for _, r := range rows {
		if r.example {
			r.id = theExample
			continue
		}
		if next == theExample {
			next++
		}
		r.id = next
		next++
	}
}

func writeCSV(w io.Writer, rows []*row) error {
	out := csv.NewWriter(w)
	err := out.Write([]string{"instruction", "received_at", "series", "principal", "action", "participant", "account", "holder", "refers_to"})
	for _, r := range rows {
		if err == nil {
			err = out.Write(r.columns())
		}
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// A row is one line of the book.
type row struct {
	id        int
	at        time.Time
	series    string
	thousands int // 0: all of it, in a withdrawal
	action    string
	from      owner
	refersTo  *row
	example   bool
}

func (r *row) columns() []string {
	principal, refers := "", ""
	if r.thousands > 0 {
		principal = strconv.Itoa(r.thousands) + "000"
	}
	if r.refersTo != nil {
		refers = name(r.refersTo.id)
	}
	return []string{name(r.id), r.at.Format(time.RFC3339), r.series, principal, r.action, r.from.participant, r.from.account, r.from.holder, refers}
}

func name(id int) string { return fmt.Sprintf("I-%06d", id) }
