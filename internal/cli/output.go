package cli

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
)

// An outputFile is a file that is written beside its name and takes it when it is
// complete, so that a run that ends early leaves the old file, or none.
type outputFile struct {
	name string
	temp *os.File // nil once it has its name, or is gone
	buf  *bufio.Writer
}

// create makes an output file.
func create(name string) (*outputFile, error) {
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return nil, cannot("write", name, err)
	}
	return &outputFile{name, temp, bufio.NewWriter(temp)}, nil
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
	if err := f.temp.Chmod(0o644); err != nil {
		return cannot("write", f.name, err)
	}
	if err := f.temp.Close(); err != nil {
		return cannot("write", f.name, err)
	}
	if err := os.Rename(f.temp.Name(), f.name); err != nil {
		return cannot("write", f.name, err)
	}
	f.temp = nil
	return nil
}

// drop takes an unfinished file away. After keep it does nothing.
func (f *outputFile) drop() {
	if f.temp != nil {
		f.temp.Close()
		os.Remove(f.temp.Name())
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
