package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"tenderbook/allocation"
	"tenderbook/offer"
)

// level3Points spread the books over the days before the early date, most of
// them on the last, with some withdrawn again.
func level3Points(zone *time.Location) []Point {
	var points []Point
	ids := []string{"9.125", "11", "10.5", "10.75"}
	start := time.Date(2004, 10, 29, 9, 0, 0, 0, zone)
	for _, b := range level3Books {
		for i, size := range b.sizes {
			hour := start.AddDate(0, 0, i%10).Add(time.Duration(i%9) * time.Hour)
			if i%3 > 0 {
				hour = time.Date(2004, 11, 12, 9+i%8, 0, 0, 0, zone)
			}
			p := Point{Hour: hour, Series: ids[b.series], Tendered: size * 1000_00}
			if i%11 == 0 { // tendered twice, and one of them withdrawn
				p.Tendered, p.Withdrawn = 2*p.Tendered, p.Tendered
			}
			points = append(points, p)
		}
	}
	return points
}

func page(t *testing.T, in Input) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Page(in, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPagesOfLevel3(t *testing.T) {
	for _, stage := range []Stage{AtLaunch, AtEarly, AtFinal} {
		in := level3Input(t, stage, nil)
		if stage == AtLaunch {
			in.Decision, in.Alloc, in.BookDigest, in.Rows = nil, nil, "", nil
		} else {
			in.Participation = level3Points(in.Terms.Zone)
		}
		html := page(t, in)
		checkTags(t, string(html))
		if stage == AtEarly {
			golden(t, "page-early.html", html)
		}
	}
}

func TestPageAsksForNothingFromOutside(t *testing.T) {
	in := level3Input(t, AtFinal, nil)
	in.Participation = level3Points(in.Terms.Zone)
	html := string(page(t, in))
	for _, bad := range []string{"<script", "http://", "https://", "@import", "<link", "<iframe", "src="} {
		if at := strings.Index(strings.ReplaceAll(html, `xmlns="http://www.w3.org/2000/svg"`, ""), bad); at >= 0 {
			t.Errorf("page has %q", bad)
		}
	}
	if n := len(html); n > 300_000 {
		t.Errorf("page has %d bytes, more than 300 KB", n)
	}
}

// checkTags checks that tags close in order, ids are unique and heads have a
// scope.
func checkTags(t *testing.T, html string) {
	t.Helper()
	var open []string
	void := map[string]bool{"meta": true, "br": true}
	for _, m := range regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>`).FindAllStringSubmatch(html, -1) {
		switch {
		case void[m[2]] || m[3] == "/":
		case m[1] == "":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			t.Fatalf("</%s> closes %v", m[2], open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(html, -1) {
		if seen[m[1]] {
			t.Errorf("id %q twice", m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`<th(?: [^>]*)?>`).FindAllString(html, -1) {
		if !strings.Contains(m, "scope=") {
			t.Errorf("%s has no scope", m)
		}
	}
}

func TestWordsOfTheTermsAreEscaped(t *testing.T) {
	in := level3Input(t, AtFinal, func(o *offer.Terms, _ *allocation.Terms, _ []allocation.Tender) {
		o.Offeror = `<script>alert("x")</script>`
		o.Series[0].Title = `Notes & <b>bold</b> "quoted"`
	})
	in.Participation = level3Points(in.Terms.Zone)
	html := string(page(t, in))
	if strings.Contains(html, "<script>") || strings.Contains(html, "<b>") {
		t.Error("words of the terms are markup on the page")
	}
}

func TestChartsAreWellFormedAndNamed(t *testing.T) {
	in := level3Input(t, AtFinal, nil)
	in.Terms.Series[0].Title = `Notes <&> "quoted" ` + "\x01"
	in.Participation = level3Points(in.Terms.Zone)
	waterfall, err := WaterfallChart(in, 0)
	if err != nil {
		t.Fatal(err)
	}
	caps, err := CapsChart(in)
	if err != nil {
		t.Fatal(err)
	}
	participation, err := ParticipationChart(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*Chart{waterfall, caps, participation} {
		var b bytes.Buffer
		if err := c.WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, c.Name+".svg", b.Bytes())
		elements := map[string]int{}
		for d := xml.NewDecoder(&b); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if e, ok := token.(xml.StartElement); ok {
				elements[e.Name.Local]++
			}
		}
		if elements["title"] != 1 || elements["desc"] != 1 || elements["script"] != 0 {
			t.Errorf("%s has %v", c.Name, elements)
		}
	}
}
