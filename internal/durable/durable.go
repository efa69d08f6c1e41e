// Package durable makes names of files survive a power cut.
package durable

import (
	"errors"
	"os"
)

// SyncFolder makes the names in a folder durable: a file that was created,
// renamed or removed there stays so. A system that cannot sync a folder, or does
// not let us, is no error; a sync that fails is.
func SyncFolder(name string) error {
	d, err := os.Open(name)
	switch {
	case os.IsPermission(err):
		return nil // a folder that may be written and not read
	case err != nil:
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !os.IsPermission(err) {
		return err
	}
	return nil
}
