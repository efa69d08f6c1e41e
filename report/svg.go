package report

import (
	"fmt"
	"html"
	"io"
	"math/big"
	"strings"
	"unicode/utf8"
)

// A Chart is a drawing with the words that stand for it where it cannot be
// seen. It has no script and asks for nothing from outside.
type Chart struct {
	Name  string // short name, the prefix of its ids
	Title string
	Desc  string // what it shows, in words, with the figures that matter

	width, height int
	body          strings.Builder
}

// chartStyle goes with each drawing, so that it also works as a file of its
// own. Accepted is solid, returned is hatched, unused is dotted and lines of
// limits are dashed, so that nothing hangs on colour; colours follow the reader's
// light or dark setting and are black on white in print.
const chartStyle = `.tbc{font:13px "Segoe UI","Helvetica Neue",Helvetica,Arial,system-ui,sans-serif;color:#1b2733}
.tbc text{fill:currentColor;font-variant-numeric:tabular-nums}.tbc .q{fill-opacity:.78}.tbc .e{text-anchor:end}.tbc .m{text-anchor:middle}.tbc .b{font-weight:600}
.tbc .in{fill:#1f5f99}.tbc .area{fill:#1f5f99;fill-opacity:.16}.tbc .line{fill:none;stroke:#1f5f99;stroke-width:2}
.tbc .out{stroke:#8a5200;stroke-width:1}.tbc .gone{fill:none;stroke:#8a5200;stroke-width:1.5;stroke-dasharray:5 3}
.tbc .left{stroke:currentColor;stroke-opacity:.6;stroke-width:1}.tbc .hatch{stroke:#8a5200;stroke-width:2}.tbc .dot{fill:currentColor;fill-opacity:.55}
.tbc .limit{stroke:currentColor;stroke-width:1.5;stroke-dasharray:6 3}.tbc .axis{stroke:currentColor;stroke-opacity:.45;stroke-width:1}
.tbc .gap{stroke:#fff;stroke-width:2}
@media (prefers-color-scheme:dark){.tbc{color:#e7ebf0}.tbc .in{fill:#7db3e8}.tbc .area{fill:#7db3e8}.tbc .line{stroke:#7db3e8}.tbc .gap{stroke:#14202b}.tbc .out,.tbc .gone,.tbc .hatch{stroke:#f0b35a}}
@media print{.tbc{color:#000}.tbc .in{fill:#222}.tbc .area{fill:#222}.tbc .line{stroke:#222}.tbc .out,.tbc .gone,.tbc .hatch{stroke:#444}}`

func newChart(name, title string, width int) *Chart {
	return &Chart{Name: name, Title: title, width: width}
}

// WriteSVG writes the drawing.
func (c *Chart) WriteSVG(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="tbc" role="img" aria-labelledby="%[1]s-title %[1]s-desc" viewBox="0 0 %[2]d %[3]d" width="%[2]d" height="%[3]d">
<title id="%[1]s-title">%[4]s</title>
<desc id="%[1]s-desc">%[5]s</desc>
<style>%[6]s</style>
<defs>
<pattern id="%[1]s-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="7"/></pattern>
<pattern id="%[1]s-dots" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="dot" cx="2" cy="2" r="1"/></pattern>
</defs>
%[7]s</svg>
`, c.Name, c.width, c.height, escape(c.Title), escape(c.Desc), chartStyle, c.body.String())
	_, err := io.WriteString(w, b.String())
	return err
}

// escape makes text safe in XML. Characters that XML does not have are dropped.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	return html.EscapeString(s)
}

func (c *Chart) text(x, y int, class, s string) {
	fmt.Fprintf(&c.body, `<text x="%d" y="%d" class="%s">%s</text>`+"\n", x, y, class, escape(s))
}

func (c *Chart) line(class string, x1, y1, x2, y2 int) {
	fmt.Fprintf(&c.body, `<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`+"\n", class, x1, y1, x2, y2)
}

func (c *Chart) path(class, d string) {
	fmt.Fprintf(&c.body, `<path class="%s" d="%s"/>`+"\n", class, d)
}

// A fill is how a bar is drawn.
type fill uint8

const (
	solid   fill = iota // accepted, used
	hatched             // returned
	dotted              // left unused
)

// bar draws a bar between two places of a scale. What is not nothing is at
// least a pixel wide, so that it can be seen.
func (c *Chart) bar(s scale, from, to *big.Rat, y, height int, f fill) {
	if to.Cmp(from) <= 0 {
		return
	}
	x1, x2 := s.at(from), s.at(to)
	if x2 <= x1 {
		x2 = x1 + 1
	}
	attributes := map[fill]string{
		solid:   `class="in"`,
		hatched: fmt.Sprintf(`class="out" fill="url(#%s-hatch)"`, c.Name),
		dotted:  fmt.Sprintf(`class="left" fill="url(#%s-dots)"`, c.Name),
	}[f]
	fmt.Fprintf(&c.body, `<rect %s x="%d" y="%d" width="%d" height="%d"/>`+"\n", attributes, x1, y, x2-x1, height)
	if to.Cmp(s.most) > 0 {
		c.text(s.x+s.width+3, y+height-3, "b", "▸")
	}
}

// limit marks a limit at the bar of the row whose words stand at y; it keeps
// clear of the words.
func (c *Chart) limit(s scale, at *big.Rat, y int) {
	c.line("limit", s.at(at), y+4, s.at(at), y+8+barHeight+5)
}

// A scale places amounts between 0 and most along a width.
type scale struct {
	x, width int
	most     *big.Rat // above zero
}

func (s scale) at(v *big.Rat) int {
	if v.Cmp(s.most) > 0 {
		v = s.most
	}
	x := new(big.Rat).Mul(v, ratInt(int64(s.width)))
	x.Quo(x, s.most)
	return s.x + int(new(big.Int).Quo(x.Num(), x.Denom()).Int64())
}

// legend draws the meanings of the fills in a row.
func (c *Chart) legend(y int, entries ...legendEntry) {
	x := chartLeft
	one := scale{0, 1, ratInt(1)}
	for _, e := range entries {
		one.x, one.width = x, 22
		if e.line != "" {
			c.line(e.line, x, y-4, x+22, y-4)
		} else {
			c.bar(one, new(big.Rat), ratInt(1), y-10, 12, e.fill)
		}
		c.text(x+28, y, "q", e.words)
		x += 50 + wordsWidth(e.words)
	}
}

type legendEntry struct {
	words string
	fill  fill
	line  string // class of a line; "": a bar
}

// shorten cuts a label to so many characters.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most-1]), " ,") + "…"
}

// Measures that all drawings share, in pixels at full size.
const (
	chartWidth = 880
	chartLeft  = 2
	chartRight = chartWidth - 18 // room for the mark of a bar that goes on
	rowHeight  = 46
	barHeight  = 16
)
