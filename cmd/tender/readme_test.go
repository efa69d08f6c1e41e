package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var codeBlock = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// What README.md shows is what the files hold and the commands print.
func TestReadmeShowsWhatTheCommandsPrint(t *testing.T) {
	readme := read(t, "../../README.md")
	files := map[string]string{
		"yaml": read(t, "../../examples/two-series/offer.yaml"),
		"csv":  read(t, "../../examples/two-series/book.csv"),
	}
	commands := 0
	for _, block := range codeBlock.FindAllStringSubmatch(readme, -1) {
		kind, text := block[1], block[2]
		if kind != "console" {
			if text != files[kind] {
				t.Errorf("the %s block is not the example's file:\n%s", kind, text)
			}
			continue
		}
		commands++
		line, want, _ := strings.Cut(strings.TrimPrefix(text, "$ tender "), "\n")
		t.Run(line, func(t *testing.T) {
			got, stderr, code := run(t, line)
			switch {
			case code == 0 && *update:
				readme = strings.Replace(readme, text, "$ tender "+line+"\n"+got, 1)
			case code != 0 || got != want:
				t.Errorf("exit code %d %s\ngot:\n%s\nREADME.md has:\n%s", code, stderr, got, want)
			}
		})
	}
	if *update {
		if err := os.WriteFile("../../README.md", []byte(readme), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if commands < 2 {
		t.Errorf("README.md shows %d commands with their output, needs 2", commands)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
