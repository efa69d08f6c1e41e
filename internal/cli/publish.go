package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"tenderbook/internal/bookfile"
	"tenderbook/proof"
)

// A publishing is where "tender allocate" writes what holders can check.
type publishing struct {
	dir    string // empty: nowhere
	secret string // file
}

// check refuses flags that do not go together.
func (p publishing) check() error {
	switch {
	case p.dir == "" && p.secret == "":
		return nil
	case p.dir == "" || p.secret == "":
		return usagef("the secret hides rows: 32 random bytes that the agent keeps, such as from\n    head -c 32 /dev/urandom > secret",
			"--publish DIR and --secret FILE are given together or not at all")
	}
	return nil
}

// write decides the book once more, tender by tender, and writes result.json and
// a file for each tender. The result comes last: where it is, all rows are.
func (p publishing) write(ctx context.Context, r *run, src *bookfile.Source, skipBad bool) error {
	secret, err := p.readSecret()
	if err != nil {
		return err
	}
	book, decided, err := bookfile.Tenders(ctx, src, bookfile.Options{
		Terms: r.terms, Alloc: r.alloc, AsOf: r.cut, Only: r.only, Terminated: r.terminated, SkipBad: skipBad,
	})
	if err != nil {
		return err
	}
	_, err = p.publish(ctx, proof.Input{
		Offer: r.terms.ID, Terms: "sha256:" + r.terms.Digest(), Book: "sha256:" + book.Digest,
		Decision: book.Decision, Tenders: decided.Tenders, Payees: decided.Payees, Secret: secret,
	})
	return err
}

// readSecret reads the bytes that hide rows.
func (p publishing) readSecret() ([]byte, error) {
	secret, err := os.ReadFile(p.secret)
	if err != nil {
		return nil, cannot("read", p.secret, err)
	}
	if len(secret) < proof.MinSecret {
		return nil, refused{fmt.Errorf("%s: a secret of %d bytes, needs %d random ones or more", p.secret, len(secret), proof.MinSecret)}
	}
	return secret, nil
}

// clear makes the folder ready for a result. Where it holds another one it is
// refused, since the rows of both would stand side by side.
func (p publishing) clear(result *proof.Result) error {
	want, err := result.Encode()
	if err != nil {
		return err
	}
	name := filepath.Join(p.dir, "result.json")
	switch there, err := os.ReadFile(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return cannot("read", name, err)
	case !bytes.Equal(there, want):
		return usagef("name a new folder", "%q holds another result", p.dir)
	default:
		return nil // what signs it does so still
	}
	if err := os.Remove(p.note()); err != nil && !errors.Is(err, fs.ErrNotExist) { // without a result it signs for nothing
		return cannot("write", p.note(), err)
	}
	return nil
}

// publish writes a file for each tender, then the result.
func (p publishing) publish(ctx context.Context, in proof.Input) (*proof.Result, error) {
	public, err := proof.Publish(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.dir, err)
	}
	if err := p.clear(public.Result); err != nil {
		return nil, err
	}
	rows := filepath.Join(p.dir, "rows")
	if err := os.MkdirAll(rows, 0o755); err != nil {
		return nil, cannot("write", rows, err)
	}
	for i, x := range in.Tenders {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := writeEncoded(filepath.Join(rows, rowFile(x.ID, x.Row)), public.Row(i)); err != nil {
			return nil, err
		}
	}
	return public.Result, writeEncoded(filepath.Join(p.dir, "result.json"), public.Result)
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$`)

// rowFile names a tender's file by its instruction, or by its number in the book
// where the instruction is no safe name for a file.
func rowFile(id string, row int) string {
	if plainID.MatchString(id) {
		return id + ".json"
	}
	return fmt.Sprintf("row %d.json", row)
}

func writeEncoded(name string, v interface{ Encode() ([]byte, error) }) error {
	data, err := v.Encode()
	if err != nil {
		return err
	}
	f, err := create(name)
	if err != nil {
		return err
	}
	defer f.drop()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.keep()
}
