package bookfile

import (
	"bytes"
	"encoding/csv"
	"slices"
	"sort"
	"strings"
	"time"

	"tenderbook/allocation"
	"tenderbook/money"
	"tenderbook/offer"
)

// slowRow is a row as the obvious reader keeps it.
type slowRow struct {
	get       map[string]string
	series    int
	at        time.Time
	principal int64
	timing    allocation.Timing
	bad       bool
	withdrawn int64
	delivered int64
	void      string
}

// slowly is the obvious reader: encoding/csv, maps, time.Parse, one row after
// the other, everything in memory. It knows instructions, withdrawals,
// deliveries and guarantees, and skips bad rows. It gives the allocation and the
// ids of the rows left out.
func slowly(book []byte, t *offer.Terms, a *allocation.Terms) (out string, refused []string) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(book, []byte("\ufeff"))))
	records, err := r.ReadAll()
	if err != nil {
		panic(err)
	}
	header := records[0]
	byID := map[string][]*slowRow{}
	var rows []*slowRow
	for _, rec := range records[1:] {
		x := &slowRow{get: map[string]string{}}
		for i, name := range header {
			x.get[name] = rec[i]
		}
		x.read(t)
		rows = append(rows, x)
		byID[x.get["instruction"]] = append(byID[x.get["instruction"]], x)
	}
	for _, same := range byID {
		for _, x := range same {
			x.bad = x.bad || len(same) > 1
		}
	}
	slowEvents(rows, byID, t)
	return slowAllocate(rows, header, t, a)
}

func (x *slowRow) read(t *offer.Terms) {
	g := x.get
	x.series = slices.IndexFunc(t.Series, func(s offer.Series) bool { return s.ID == g["series"] || slices.Contains(s.CUSIPs, g["series"]) })
	at, err := time.Parse(time.RFC3339Nano, g["received_at"])
	if err != nil {
		at, err = time.ParseInLocation(time.DateTime, g["received_at"], t.Zone)
	}
	x.at = at
	isEvent := g["action"] == "withdraw" || g["action"] == "deliver"
	if x.series < 0 || err != nil || g["instruction"] == "" || isEvent != (g["refers_to"] != "") {
		x.bad = true
		return
	}
	if t.Dates.EarlyTender.Met(at) {
		x.timing = allocation.Early
	} else {
		x.timing = allocation.Late
	}
	if isEvent && g["principal"] == "" {
		return
	}
	amount, err := money.ParseAmount(g["principal"], t.Series[x.series].Currency)
	x.principal = amount.Minor
	if err != nil || x.principal <= 0 || !isEvent && x.principal%t.Series[x.series].Multiple.Minor != 0 {
		x.bad = true
	}
}

func slowEvents(rows []*slowRow, byID map[string][]*slowRow, t *offer.Terms) {
	var events []*slowRow
	for _, x := range rows {
		if a := x.get["action"]; !x.bad && (a == "withdraw" || a == "deliver") {
			events = append(events, x)
		}
	}
	sort.SliceStable(events, func(i, j int) bool {
		a, b := events[i], events[j]
		if !a.at.Equal(b.at) {
			return a.at.Before(b.at)
		}
		return a.get["instruction"] < b.get["instruction"]
	})
	for _, x := range events {
		targets := byID[x.get["refers_to"]]
		if len(targets) != 1 || targets[0].bad || x.at.Before(targets[0].at) || x.series != targets[0].series {
			x.bad = true
			continue
		}
		y, left := targets[0], targets[0].principal-targets[0].withdrawn
		switch action := x.get["action"]; {
		case y.get["action"] == "withdraw" || y.get["action"] == "deliver":
			x.bad = true
		case action == "deliver" && y.get["action"] != "guarantee":
			x.bad = true
		case action == "withdraw" && x.get["participant"] != y.get["participant"]:
			x.bad = true
		case action == "withdraw" && !t.Dates.Withdrawal.Met(x.at):
			x.void = "received after the withdrawal deadline"
		case action == "deliver" && !t.Dates.GuaranteedDelivery.Met(x.at):
			x.void = "received after the guaranteed delivery deadline"
		case action == "withdraw":
			part := x.principal
			if x.get["principal"] == "" {
				part = left
			}
			rest := left - part
			x.bad = part == 0 || rest < 0 || rest%t.Series[y.series].Multiple.Minor != 0 || rest < y.delivered
			if !x.bad {
				y.withdrawn += part
			}
		case action == "deliver":
			part := x.principal
			if x.get["principal"] == "" {
				part = left - y.delivered
			}
			x.bad = part == 0 || part > left-y.delivered
			if !x.bad {
				y.delivered += part
			}
		}
	}
}

func slowAllocate(rows []*slowRow, header []string, t *offer.Terms, a *allocation.Terms) (string, []string) {
	var tenders []allocation.Tender
	for i, x := range rows {
		action, left := x.get["action"], x.principal-x.withdrawn
		if x.bad || action == "withdraw" || action == "deliver" || left == 0 || !t.Dates.Expiration.Met(x.at) {
			continue
		}
		y := allocation.Tender{
			Row: i, Series: x.series, Timing: x.timing, Principal: left,
			ReceivedAt: x.at.UnixNano(), ID: x.get["instruction"],
		}
		if a.ProrateBy == allocation.ByParticipant {
			y.Unit = x.get["participant"]
		}
		if action == "guarantee" {
			y.Undelivered = left - x.delivered
		}
		tenders = append(tenders, y)
	}
	d, outcomes, err := allocation.Allocate(a, tenders)
	if err != nil {
		panic(err)
	}
	got := map[int]int{}
	for i, y := range tenders {
		got[y.Row] = i
	}
	ours := []string{"instruction", "received_at", "series", "principal", "action", "participant", "account", "refers_to"}
	var extras []string
	for _, name := range header {
		if !slices.Contains(ours, name) {
			extras = append(extras, name)
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Write(append(slices.Clone(outputColumns), extras...))
	var refused []string
	for i, x := range rows {
		if x.bad {
			refused = append(refused, x.get["instruction"])
			continue
		}
		k, live := got[i]
		var o allocation.Outcome
		if live {
			o = outcomes[k]
		}
		row := slowColumns(x, t, d, o, live)
		for _, name := range extras {
			row = append(row, slowGuard(x.get[name]))
		}
		w.Write(row)
	}
	w.Flush()
	return out.String(), refused
}

func slowColumns(x *slowRow, t *offer.Terms, d *allocation.Decision, o allocation.Outcome, live bool) []string {
	s := t.Series[x.series]
	whole := func(minor int64) string { return strings.TrimSuffix(money.New(minor, s.Currency).String(), ".00") }
	cash := func(minor int64) string { return money.New(minor, s.Currency).String() }
	left, action := x.principal-x.withdrawn, x.get["action"]
	timing, price, reason := x.timing.String(), "", ""
	if action == "withdraw" || action == "deliver" {
		left, timing, o = 0, "", allocation.Outcome{}
		reason = map[string]string{"withdraw": "withdrawal of ", "deliver": "delivery of "}[action] + x.get["refers_to"]
		if x.void != "" {
			reason += ": " + x.void
		}
	} else {
		switch {
		case left == 0:
			reason = "withdrawn"
		case !live:
			reason, o.Returned = "received after expiration", left
		default:
			price, reason = s.Price.Total.String(), d.Reason(o)
			if x.timing == allocation.Late {
				price = s.Price.TenderOffer.String()
			}
		}
		if left > 0 && x.withdrawn > 0 {
			reason += "; " + whole(x.withdrawn) + " withdrawn"
		}
		if live && action == "guarantee" {
			switch {
			case x.delivered >= left:
				reason += "; guaranteed, delivered"
			case x.delivered == 0:
				reason += "; guaranteed, not delivered: not paid"
			default:
				reason += "; guaranteed, " + whole(x.delivered) + " delivered: only that is paid"
			}
		}
	}
	return []string{
		slowGuard(x.get["instruction"]), slowGuard(x.get["participant"]), slowGuard(x.get["account"]), s.ID, timing,
		whole(left), whole(o.Accepted), whole(o.Returned), s.Currency.Code, price,
		cash(o.Consideration), cash(o.Interest), cash(o.Consideration + o.Interest), reason,
	}
}

// slowGuard puts text that a spreadsheet would run behind a single quote. The
// books it is used on have no plain numbers that begin with a plus.
func slowGuard(s string) string {
	if _, err := money.ParseDecimal(s); err != nil && s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
