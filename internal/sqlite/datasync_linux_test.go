package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"tenderbook/internal/journaltest"
)

// A commit waits for the log's content, and for its times only when the log is
// new.
func TestCommitsSyncWithoutTheTimes(t *testing.T) {
	child := &journaltest.Child{Where: filepath.Join(t.TempDir(), "offers.db"), Name: "c", Next: []int{0, 0}, Stop: 40, Limit: 2000}
	events, _ := strace(t, child)
	logs, data, times := 0, 0, 0
	for _, e := range events {
		switch log := strings.HasSuffix(e.path, "-wal"); {
		case log && e.what == "create":
			logs++
		case log && e.what == "sync" && e.times:
			times++
		case log && e.what == "sync":
			data++
		}
	}
	if data < 40 || times > logs {
		t.Errorf("the log was made %d times and synced %d times with its times, %d times without: want times only for a new one", logs, times, data)
	}
}
