package book

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenderbook/calendar"
	"tenderbook/journal"
	"tenderbook/offer"
)

// A hundred zones: those of markets, of odd offsets, of changes at midnight, of
// changes by half an hour, of days that were left out.
const zones = `Africa/Abidjan Africa/Accra Africa/Algiers Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Johannesburg Africa/Juba
Africa/Khartoum Africa/Lagos Africa/Nairobi Africa/Sao_Tome Africa/Tripoli Africa/Tunis Africa/Windhoek America/Anchorage America/Araguaina
America/Asuncion America/Bogota America/Buenos_Aires America/Caracas America/Cayman America/Chicago America/Denver America/Godthab America/Guatemala
America/Halifax America/Havana America/Lima America/Los_Angeles America/Managua America/Mexico_City America/Miquelon America/Montevideo
America/New_York America/Noronha America/Panama America/Phoenix America/Port-au-Prince America/Punta_Arenas America/Santiago America/Sao_Paulo
America/Scoresbysund America/St_Johns America/Tijuana America/Toronto Antarctica/Casey Antarctica/Davis Antarctica/Troll Asia/Almaty Asia/Amman
Asia/Baghdad Asia/Baku Asia/Bangkok Asia/Beirut Asia/Colombo Asia/Damascus Asia/Dhaka Asia/Dubai Asia/Famagusta Asia/Gaza Asia/Hebron
Asia/Hong_Kong Asia/Irkutsk Asia/Jakarta Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu Asia/Kolkata Asia/Kuala_Lumpur Asia/Manila
Asia/Pyongyang Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tehran Asia/Tokyo Asia/Ulaanbaatar Asia/Yerevan
Atlantic/Azores Atlantic/Bermuda Atlantic/Reykjavik Australia/Adelaide Australia/Lord_Howe Australia/Sydney Europe/Chisinau Europe/Dublin
Europe/Istanbul Europe/Lisbon Europe/London Europe/Moscow Europe/Paris Europe/Zurich Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Fiji`

// TestEightThousandAwkwardDeadlines takes 100 zones in 20 years at four kinds of
// awkward times: an hour that clocks skip, one that they repeat, the end of a
// day, a leap day. Each is refused where the local time does not exist or exists
// twice, and else judged rightly one nanosecond before, at, and one after.
func TestEightThousandAwkwardDeadlines(t *testing.T) {
	terms := open(t).s.Terms()
	judged, refused := 0, 0
	names := strings.Fields(zones)
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for year := 2007; year < 2027; year++ {
			for kind, text := range awkward(zone, year) {
				side := []string{"before", "by"}[(year+kind)%2]
				d, err := calendar.ParseDeadline(side+" "+text, zone)
				instants := shown(text, zone)
				switch {
				case (err == nil) != (len(instants) == 1):
					t.Fatalf("%s in %s: %d such instants, the reader says %v", text, name, len(instants), err)
				case err != nil:
					refused++
				case !d.At.Equal(instants[0]):
					t.Fatalf("%s in %s is %s, want %s", text, name, d.At.UTC(), instants[0])
				default:
					judged++
					judge(t, terms, d)
				}
			}
		}
	}
	if judged+refused != 8000 || len(names) != 100 || refused < 1000 {
		t.Errorf("%d judged, %d refused, in %d zones", judged, refused, len(names))
	}
	t.Logf("8,000 deadlines, 100 zones x 20 years x 4 kinds: %d judged rightly at -1, 0 and +1 ns, %d refused because the local time is skipped or comes twice", judged, refused)
}

// awkward gives a local time of each kind. Where a zone does not change its
// clocks in a year, the middle of a day stands for the change.
func awkward(zone *time.Location, year int) [4]string {
	texts := [4]string{fmt.Sprint(year, "-03-29 02:30"), fmt.Sprint(year, "-10-25 02:30"), fmt.Sprint(year, "-12-31 24:00"), fmt.Sprint(year, "-02-28 24:00")}
	at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	for end := at.AddDate(1, 0, 0); at.Before(end); at = at.Add(time.Hour) {
		_, before := at.In(zone).Zone()
		_, after := at.Add(time.Hour).In(zone).Zone()
		change := time.Duration(after-before) * time.Second
		// The wall time in the middle of what is skipped, or of what is repeated.
		switch {
		case change > 0:
			texts[0] = halfway(at, before, change)
		case change < 0:
			texts[1] = halfway(at, after, -change)
		}
	}
	if year%4 == 0 {
		texts[3] = fmt.Sprint(year, "-02-29 17:00")
	}
	return texts
}

// halfway is the wall time in the middle of a change of clocks at the end of the
// hour from at on. Changes at a half hour are missed by as much, which shown
// finds out.
func halfway(at time.Time, offset int, change time.Duration) string {
	return at.Add(time.Hour + time.Duration(offset)*time.Second + change/2).Format("2006-01-02 15:04")
}

// shown lists the instants at which a clock in the zone shows a local time, by
// trying every quarter of an hour around it.
func shown(text string, zone *time.Location) (found []time.Time) {
	day, clock, _ := strings.Cut(text, " ")
	wall, err := time.Parse("2006-01-02 15:04", text)
	if clock == "24:00" {
		wall, err = time.Parse("2006-01-02", day)
		wall = wall.AddDate(0, 0, 1)
	}
	if err != nil || clock == "00:00" {
		return nil
	}
	for at := wall.Add(-26 * time.Hour); at.Before(wall.Add(26 * time.Hour)); at = at.Add(15 * time.Minute) {
		if at.In(zone).Format(time.DateTime) == wall.Format(time.DateTime) {
			found = append(found, at)
		}
	}
	return found
}

// judge has an offer with this expiration take a tender one nanosecond before
// it, at it, and one after.
func judge(t *testing.T, terms *offer.Terms, d calendar.Deadline) {
	t.Helper()
	own := *terms
	own.Dates = offer.Dates{Expiration: d}
	s := New("LVLT-2004")
	s.clock.versions, s.clock.events = []offer.Version{{Effective: d.At.AddDate(0, 0, -1), Terms: &own}}, []OfferEvent{DoDraft}
	s.clock.life = Commenced
	s.numberSeries()
	s.clock.load()
	s.clock.wind()
	var last journal.Receipt
	for i, beside := range []time.Duration{-1, 0, 1} {
		draft, err := Draft(ann, fmt.Sprint(i), &Instructions{Rows: []Row{{Action: Tender, ID: fmt.Sprint(i), Series: "11", Participant: "0443", Principal: 1000_00}}})
		if err != nil {
			t.Fatal(err)
		}
		e := journal.Next("LVLT-2004", last, d.At.Add(beside), draft)
		last = journal.ReceiptOf(&e)
		o := s.Apply(&e)
		want := "taken"
		if beside > 0 || beside == 0 && d.Side == calendar.Before {
			want = "late"
		}
		if got := codesOf(o, 1); got != want || d.Met(e.At) != (want == "taken") {
			t.Fatalf("%s (%s), %d ns beside it: %s, want %s", d, d.At.UTC(), beside, got, want)
		}
	}
}

// TestAClockThatJumpsChangesNoEarlierDecision lets the wall clock jump by an hour
// and a day, to and fro, at 1,000 moments around a deadline.
func TestAClockThatJumpsChangesNoEarlierDecision(t *testing.T) {
	p := open(t).at("2004-11-29 23:00")
	wall := p.now
	deadline := p.s.Terms().Dates.Expiration
	back := []time.Duration{-time.Hour, time.Hour, -24 * time.Hour, 24 * time.Hour, 36 * time.Second}
	forth := []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour, 36 * time.Second}
	var first []Instruction
	var before time.Time
	for i := range 1000 {
		jumps := back
		if i >= 800 {
			jumps = forth
		}
		wall = wall.Add(jumps[i%len(jumps)])
		p.now = wall
		id := fmt.Sprint("T", i)
		p.rows("tender " + id + " 0443 in 11 1000")
		at := p.s.Time()
		x, _ := p.s.Instruction(id)
		if at.Before(before) || (x.Life == Received) != deadline.Met(at) {
			t.Fatalf("%s, recorded %s after %s, is %s", id, at, before, x.Life)
		}
		before = at
		first = append(first, x)
	}
	late := 0
	for _, x := range first {
		if now, _ := p.s.Instruction(x.ID); now != x {
			t.Fatalf("%+v became %+v", x, now)
		}
		if x.Life == LateReceived {
			late++
		}
	}
	if late == 0 || late == 1000 {
		t.Errorf("%d of 1,000 are late", late)
	}
	t.Logf("1,000 jumps of the clock by an hour or a day: record times never went back, no decision changed, %d late", late)
}
