package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// The pictures in the README are drawings of the pages that tender report makes
// for the Level 3 example.
func TestPicturesOfTheLevel3Example(t *testing.T) {
	const offer, book = "examples/level3-2004", "examples/level3-2004/book.csv"
	for _, c := range []struct{ file, line, drawing string }{
		{"level3-launch-cap.svg", "report early --as html " + offer + "/offer.yaml " + book, "waterfall-1"},
		{"level3-raised-cap.svg", "report final --as html " + offer + " " + book, "waterfall-1"},
		{"level3-participation.svg", "report final --as html " + offer + " " + book, "participation-chart"},
	} {
		t.Run(c.file, func(t *testing.T) {
			name, err := filepath.Abs("../../docs/pictures/" + c.file)
			if err != nil {
				t.Fatal(err)
			}
			page, stderr, code := run(t, c.line)
			if code != 0 {
				t.Fatalf("tender %s: exit code %d\n%s", c.line, code, stderr)
			}
			drawing, err := drawingOf(page, c.drawing)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, drawing)
		})
	}
}

// drawingOf cuts a drawing out of a page. It is a whole file of its own.
func drawingOf(page, name string) (string, error) {
	for _, rest := range strings.Split(page, "<svg ")[1:] {
		drawing, _, closed := strings.Cut(rest, "</svg>")
		if closed && strings.Contains(drawing, ` aria-labelledby="`+name+`-title `) {
			return "<svg " + drawing + "</svg>\n", nil
		}
	}
	return "", fmt.Errorf("the page has no drawing %q", name)
}
