package durable_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"tenderbook/internal/durable"
)

// What becomes of names after a power cut, TestPowerCut of internal/sqlite tries.
func TestSyncFolder(t *testing.T) {
	dir := t.TempDir()
	if err := durable.SyncFolder(dir); err != nil {
		t.Errorf("a folder: %v", err)
	}
	if err := durable.SyncFolder(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v, want that it does not exist", err)
	}
}
