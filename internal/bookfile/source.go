package bookfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrChanged is returned when a book changed while it was read.
var ErrChanged = errors.New("the book changed while it was read")

// A Source is a book file that can be read at any place, more than once.
type Source struct {
	Name string // how problems name it: "book.csv"
	at   io.ReaderAt
	size int64
	file *os.File    // nil for a book in memory
	info os.FileInfo // of file, as it was opened
}

// Open opens a book file. Close it after use.
func Open(name string) (*Source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("%s is not a regular file: a book is read twice, so save what a pipe gives to a file first", name)
	}
	return &Source{Name: name, at: f, size: info.Size(), file: f, info: info}, nil
}

// Bytes makes a source of a book in memory.
func Bytes(name string, book []byte) *Source {
	return &Source{Name: name, at: bytes.NewReader(book), size: int64(len(book))}
}

// Size is the length of the book in bytes.
func (s *Source) Size() int64 { return s.size }

// Close closes the file.
func (s *Source) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// unchanged fails with [ErrChanged] if the file is not the one that was opened.
func (s *Source) unchanged() error {
	if s.file == nil {
		return nil
	}
	now, err := s.file.Stat()
	if err != nil {
		return err
	}
	if now.Size() != s.size || !now.ModTime().Equal(s.info.ModTime()) {
		return fmt.Errorf("%s: %w", s.Name, ErrChanged)
	}
	return nil
}

// readAt fills p from an offset, or as much of it as the book has.
func (s *Source) readAt(p []byte, off int64) (int, error) {
	if off >= s.size {
		return 0, nil
	}
	p = p[:min(int64(len(p)), s.size-off)]
	n, err := s.at.ReadAt(p, off)
	if n == len(p) {
		return n, nil
	}
	if err == io.EOF {
		return n, fmt.Errorf("%s: %w", s.Name, ErrChanged)
	}
	return n, fmt.Errorf("%s: %w", s.Name, err)
}
