package journaltest

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// NeedStrace skips where system calls cannot be traced.
func NeedStrace(t *testing.T) {
	t.Helper()
	why := ""
	if _, err := exec.LookPath("strace"); err != nil {
		why = "strace is not installed; on Debian and Ubuntu: apt-get install strace"
	} else if out, err := exec.Command("strace", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		why = fmt.Sprintf("strace may not trace here (%v): %s", err, out)
	}
	switch {
	case why != "" && os.Getenv("CI") == "true":
		t.Fatal(why)
	case why != "":
		t.Skip(why)
	}
}
