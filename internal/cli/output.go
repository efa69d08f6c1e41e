package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// An outputFile is a file that is written beside its name and takes it when it is
// complete, so that a run that ends early leaves the old file, or none. What is
// no regular file, such as /dev/null or a pipe, is written as it is.
type outputFile struct {
	name string
	path string   // what the name stands for
	temp *os.File // nil once it has its name, or is gone
	buf  *bufio.Writer
}

// create makes an output file. It may be read by whom the old file of its name
// may, or by whom the user lets read new ones.
func create(name string) (*outputFile, error) {
	path, mode := name, fs.FileMode(0)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			return openDevice(name)
		}
		if path, err = filepath.EvalSymlinks(name); err != nil {
			return nil, cannot("write", name, err)
		}
		mode = info.Mode().Perm()
	}
	temp, err := newBeside(path)
	if err == nil && mode != 0 {
		err = temp.Chmod(mode)
	}
	if err != nil {
		return nil, cannot("write", name, err)
	}
	return &outputFile{name, path, temp, bufio.NewWriter(temp)}, nil
}

// newBeside makes a new file in the folder of another.
func newBeside(path string) (*os.File, error) {
	for n := 0; ; n++ {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.%d", filepath.Base(path), os.Getpid(), n))
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

func openDevice(name string) (*outputFile, error) {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return nil, cannot("write", name, err)
	}
	return &outputFile{name, "", f, bufio.NewWriter(f)}, nil
}

// Write implements [io.Writer].
func (f *outputFile) Write(p []byte) (int, error) {
	n, err := f.buf.Write(p)
	if err != nil {
		err = cannot("write", f.name, err)
	}
	return n, err
}

// keep gives the file its name.
func (f *outputFile) keep() error {
	if err := f.buf.Flush(); err != nil {
		return cannot("write", f.name, err)
	}
	if err := f.temp.Close(); err != nil {
		return cannot("write", f.name, err)
	}
	if f.path != "" {
		if err := os.Rename(f.temp.Name(), f.path); err != nil {
			return cannot("write", f.name, err)
		}
	}
	f.temp = nil
	return nil
}

// drop takes an unfinished file away. After keep it does nothing.
func (f *outputFile) drop() {
	if f.temp != nil {
		f.temp.Close()
		if f.path != "" {
			os.Remove(f.temp.Name())
		}
		f.temp = nil
	}
}

// toFile has a file written whole, or standard output for "-" and "".
func (p *program) toFile(name string, write func(io.Writer) error) error {
	if name == "" || name == "-" {
		return write(p.Out)
	}
	f, err := create(name)
	if err != nil {
		return err
	}
	defer f.drop()
	if err := write(f); err != nil {
		return err
	}
	return f.keep()
}

// apart refuses to write a file over one that is read, or two into one. A name
// that is "" or "-" is no file.
func apart(inputs, outputs []string) error {
	for i, out := range outputs {
		if out == "" || out == "-" {
			continue
		}
		for _, in := range inputs {
			if sameFile(in, out) {
				return usagef("", "%q would be written over what is read from it", out)
			}
		}
		for _, other := range outputs[:i] {
			if sameFile(other, out) {
				return usagef("", "%q is to be written twice", out)
			}
		}
	}
	return nil
}

func sameFile(x, y string) bool {
	a, errA := os.Stat(x)
	b, errB := os.Stat(y)
	if errA == nil && errB == nil {
		return os.SameFile(a, b) && a.Mode().IsRegular()
	}
	return x != "" && filepath.Clean(x) == filepath.Clean(y)
}

// outputs refuses files to be written, if one of them is a file that the
// question or its book is read from.
func (q *question) outputs(book string, names ...string) error {
	read, err := q.offer.files()
	if err != nil {
		return err
	}
	return apart(append(read, book, q.settled), names)
}
