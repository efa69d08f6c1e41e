package sqlite_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tenderbook/internal/journaltest"
)

// strace runs the child under strace and returns what it did to files in its
// folder, in order, and the receipts that it printed. Extra arguments inject
// errors.
func strace(t *testing.T, child *journaltest.Child, extra ...string) ([]event, int) {
	t.Helper()
	journaltest.NeedStrace(t)
	trace := filepath.Join(t.TempDir(), "trace")
	args := append([]string{
		"strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1000000", "-o", trace, "-e", "signal=none",
		"-e", "trace=?open,openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2,writev,pwritev,fallocate,copy_file_range",
	}, extra...)
	cmd := child.Command(args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := -1 // what the child's last Read found
	err = journaltest.Listen(out, func(line string) { _, _ = fmt.Sscanf(line, `read %d "<nil>"`, &found) })
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // a child that could not open ends with 1
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	events, err := readTrace(f, filepath.Dir(child.Where))
	if err != nil {
		t.Fatal(err)
	}
	return events, found
}

// An event is something that a process did to a file, or a line that it printed.
type event struct {
	what   string // write, truncate, sync, synced, failedsync, open, create, unlink, ack
	path   string
	offset int64 // write; for truncate the new size
	data   []byte
	ack    journaltest.Ack
	failed bool   // the call returned an error
	errno  string // its name, such as ENOSPC
	sync   *int   // of a sync, its beginning and end have the same
	times  bool   // it is a sync of the file's times too: fsync
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +(\w+)\(`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>`)
	result      = regexp.MustCompile(`\) += (-?\d+|\?)`)
	errno       = regexp.MustCompile(`\bE[A-Z]+\b`)
	descriptor  = regexp.MustCompile(`^(\d+)<((?:\\x[0-9a-f]{2})*)[^>]*>(?:\(deleted\))?`)
)

// readTrace reads the output of strace -f -y -xx. A sync that takes a while is
// two events, its beginning and its end; a write happens where it begins, for
// from then on it may reach the disk, or not.
func readTrace(r io.Reader, dir string) ([]event, error) {
	var events []event
	open := map[string]int{} // by process: its unfinished call, as index of events
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		line := lines.Text()
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			i, known := open[m[1]]
			delete(open, m[1])
			if known {
				events = finish(events, i, line[len(m[0]):])
			}
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		rest := line[len(m[0]):]
		e, ok, err := parseCall(m[2], rest, dir)
		if err != nil {
			return nil, fmt.Errorf("%w in %.200q", err, line)
		}
		if !ok {
			continue
		}
		events = append(events, e)
		if strings.HasSuffix(line, "<unfinished ...>") {
			open[m[1]] = len(events) - 1
		} else {
			events = finish(events, len(events)-1, rest)
		}
	}
	return events, lines.Err()
}

// ending is what is behind the texts of a call: what it returned is there.
func ending(rest string) string { return rest[strings.LastIndexByte(rest, '"')+1:] }

func returned(rest string) int64 {
	m := result.FindAllStringSubmatch(ending(rest), -1)
	if len(m) == 0 || m[len(m)-1][1] == "?" {
		return -1
	}
	n, _ := strconv.ParseInt(m[len(m)-1][1], 10, 64)
	return n
}

// finish notes how the call at index i ended.
func finish(events []event, i int, rest string) []event {
	e, code := &events[i], returned(rest)
	if e.failed = code < 0; e.failed {
		e.errno = errno.FindString(ending(rest))
	}
	switch e.what {
	case "sync":
		end := event{what: "synced", path: e.path, sync: e.sync}
		if e.failed {
			end.what = "failedsync"
		}
		return append(events, end)
	case "write":
		e.data = e.data[:max(0, min(code, int64(len(e.data))))]
	}
	return events
}

// parseCall reads one call; ok is false for what does not touch dir.
func parseCall(call, rest, dir string) (e event, ok bool, err error) {
	switch call {
	case "open", "openat":
		if e.what, e.path = "open", firstText(rest); strings.Contains(rest, "O_CREAT") {
			e.what = "create"
		}
	case "unlink", "unlinkat":
		e.what, e.path = "unlink", firstText(rest)
	case "fsync", "fdatasync":
		e.what, e.path, e.sync, e.times = "sync", descriptorPath(rest), new(int), call == "fsync"
	case "ftruncate":
		e.what, e.path = "truncate", descriptorPath(rest)
		_, err = fmt.Sscanf(rest[strings.Index(rest, ", ")+2:], "%d", &e.offset)
	case "pwrite64":
		e.what, e.path = "write", descriptorPath(rest)
		e.data = []byte(firstText(rest))
		var n int64
		_, err = fmt.Sscanf(ending(rest), ", %d, %d", &n, &e.offset)
	case "write":
		if m := descriptor.FindStringSubmatch(rest); m == nil || m[1] != "1" {
			if e.path = descriptorPath(rest); within(e.path, dir) {
				return e, false, fmt.Errorf("write without a place")
			}
			return e, false, nil
		}
		e.what = "ack"
		e.ack, ok = journaltest.ParseAck(strings.TrimSpace(firstText(rest)))
		return e, ok, nil
	default:
		if strings.Contains(rest, hexed(dir)) {
			return e, false, fmt.Errorf("call %s, which the model of a disk does not know", call)
		}
		return e, false, nil
	}
	return e, within(e.path, dir), err
}

func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

func hexed(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, `\x%02x`, s[i])
	}
	return b.String()
}

// unhex reads bytes such as \x2f\x74.
func unhex(s string) []byte {
	b := make([]byte, len(s)/4)
	for i := range b {
		b[i] = digit(s[4*i+2])<<4 | digit(s[4*i+3])
	}
	return b
}

func digit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c - 'a' + 10
}

// firstText is the first quoted argument.
func firstText(rest string) string {
	_, from, _ := strings.Cut(rest, `"`)
	text, _, _ := strings.Cut(from, `"`) // a quotation mark in it is hex too
	return string(unhex(text))
}

func descriptorPath(rest string) string {
	if m := descriptor.FindStringSubmatch(rest); m != nil && !strings.Contains(m[0], "deleted") {
		return string(unhex(m[2]))
	}
	return ""
}
