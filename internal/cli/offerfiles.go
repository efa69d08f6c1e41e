package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tenderbook/offer"
)

// An offerArg is how a command line names an offer: a file or a folder, and
// further amendments.
type offerArg struct {
	path   string
	amends []string
}

// files lists the offer's file and its amendments.
func (a offerArg) files() ([]string, error) {
	info, err := os.Stat(a.path)
	if err != nil {
		return nil, cannot("read", a.path, err)
	}
	if !info.IsDir() {
		return append([]string{a.path}, a.amends...), nil
	}
	base := filepath.Join(a.path, "offer.yaml")
	if _, err := os.Stat(base); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("folder %q has no offer.yaml", a.path)
	}
	found, err := filepath.Glob(filepath.Join(escapeGlob(a.path), "amendment*.yaml"))
	return append(append([]string{base}, found...), a.amends...), err
}

// escapeGlob keeps what is special in a pattern from being so in a path.
func escapeGlob(path string) string {
	var out []rune
	for _, c := range path {
		switch c {
		case '*', '?', '[', '\\':
			if filepath.Separator == '/' {
				out = append(out, '\\')
			}
		}
		out = append(out, c)
	}
	return string(out)
}

// read reads an offer and its amendments. It returns [offer.Problems], those of
// all files together, where the input is refused.
func (a offerArg) read() (*offer.History, error) {
	names, err := a.files()
	if err != nil {
		return nil, err
	}
	sources := make([]source, len(names))
	for i, name := range names {
		sources[i].name = name
		if sources[i].data, err = os.ReadFile(name); err != nil {
			return nil, cannot("read", name, err)
		}
	}
	return history(sources)
}

// A source is an offer file in memory.
type source struct {
	name string
	data []byte
}

// history reads an offer, the first source, and its amendments.
func history(sources []source) (*offer.History, error) {
	var files []*offer.File
	var problems offer.Problems
	for _, s := range sources {
		f, err := offer.Read(s.name, s.data)
		var found offer.Problems
		if errors.As(err, &found) {
			problems = append(problems, found...)
			continue
		}
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	if files[0].IsAmendment() {
		return nil, usagef("give the offer that it amends first, and this file with --amend",
			"%s is an amendment to %s, not an offer", files[0].Name, files[0].Amends)
	}
	return offer.NewHistory(files[0], files[1:]...)
}

// cannot words a failure of the file system without the system call's name.
func cannot(do, name string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("cannot %s %q: %w", do, name, err)
}
