package cli

import (
	"io"
	"os"
	"path/filepath"
)

// An outputFile is a file that is written beside its name and takes it when it is
// complete, so that a run that ends early leaves the old file, or none.
type outputFile struct {
	name string
	temp *os.File // nil before the first byte, where the file is made late
}

// create makes an output file.
func create(name string) (*outputFile, error) {
	f := &outputFile{name: name}
	return f, f.open()
}

// createLate makes an output file that exists only if something is written.
func createLate(name string) *outputFile { return &outputFile{name: name} }

func (f *outputFile) open() error {
	temp, err := os.CreateTemp(filepath.Dir(f.name), "."+filepath.Base(f.name)+".*")
	if err != nil {
		return cannot("write", f.name, err)
	}
	f.temp = temp
	return nil
}

// Write implements [io.Writer].
func (f *outputFile) Write(p []byte) (int, error) {
	if f.temp == nil {
		if err := f.open(); err != nil {
			return 0, err
		}
	}
	n, err := f.temp.Write(p)
	if err != nil {
		err = cannot("write", f.name, err)
	}
	return n, err
}

// keep gives the file its name.
func (f *outputFile) keep() error {
	if f.temp == nil {
		return nil
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
