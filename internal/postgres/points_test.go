package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
)

// killVariable says at which statement a child kills itself, and at which time
// that it comes there.
const killVariable = "POSTGRES_TEST_KILL"

// Where a process stands in a transaction.
const (
	beforeLock   = "before the offer's row is locked"
	beforeWrite  = "before the entries are written"
	beforeCommit = "before the commit is sent"
	inCommit     = "within a millisecond of the commit's being sent"
	afterCommit  = "between the commit's success and its receipt"
)

// A killer kills its own process at a point.
type killer struct {
	point string
	n     int64
	seen  atomic.Int64
}

// newKiller is the killer that the environment asks for, or nil.
func newKiller() pgx.QueryTracer {
	point, n, found := strings.Cut(os.Getenv(killVariable), "; ")
	if !found {
		return nil
	}
	k := &killer{point: point}
	k.n, _ = strconv.ParseInt(n, 10, 64)
	return k
}

func (k *killer) comes(point string) {
	switch {
	case point != k.point || k.seen.Add(1) != k.n:
	case point == inCommit:
		time.AfterFunc(time.Duration(rand.Int64N(int64(time.Millisecond))), journaltest.Die)
	default:
		journaltest.Die()
	}
}

func (k *killer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if q.SQL != "commit" {
		return ctx
	}
	k.comes(beforeCommit)
	k.comes(inCommit)
	return context.WithValue(ctx, killer{}, "commit")
}

func (k *killer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryEndData) {
	if ctx.Value(killer{}) != nil && q.Err == nil {
		k.comes(afterCommit)
	}
}

func (k *killer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, b pgx.TraceBatchStartData) context.Context {
	if strings.Contains(b.Batch.QueuedQueries[0].SQL, "INTO heads") {
		k.comes(beforeLock)
	} else {
		k.comes(beforeWrite)
	}
	return ctx
}

func (k *killer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (k *killer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// The process that appends is killed at each statement of a transaction.
func TestKillAtPoints(t *testing.T) {
	url := database(t, postgrestest.Start(t))
	open(t, url, postgres.Options{}) // makes the tables, which is not what children are killed at
	var all []journaltest.Point
	for _, name := range []string{beforeLock, beforeWrite, beforeCommit, inCommit, afterCommit} {
		all = append(all, journaltest.Point{Name: name, Among: 40, Command: func(c *journaltest.Child, n int) *exec.Cmd {
			cmd := c.Command()
			cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%s; %d", killVariable, name, n))
			return cmd
		}})
	}
	all = append(all, journaltest.Point{Name: "between a receipt and its being told", Among: 200, Command: (*journaltest.Child).Dying})
	journaltest.KillAt(t, url, all, *points, func() journaltest.Store { return open(t, url, postgres.Options{}) })
}

// The server's process that commits is killed at the system calls by which it
// does. The server ends all its processes then, and recovers.
func TestKillServerAtPoints(t *testing.T) {
	journaltest.NeedStrace(t)
	server := postgrestest.Start(t)
	url := database(t, server)
	open(t, url, postgres.Options{}) // makes the tables, as above
	var all []journaltest.Point
	for _, p := range []struct {
		name, call string
		among      int
	}{
		{"the server, before a page of its log is written", "pwrite64", 40},
		{"the server, before its log is synced", "fdatasync", 40},
	} {
		var struck func() bool
		all = append(all, journaltest.Point{
			Name: p.name, Among: p.among,
			Command: func(c *journaltest.Child, n int) *exec.Cmd {
				struck = killBackend(t, server, p.call, n)
				return c.Command()
			},
			Struck: func() bool { return struck() },
		})
	}
	journaltest.KillAt(t, url, all, *points, func() journaltest.Store { return open(t, url, postgres.Options{}) })
}

// killBackend traces the processes that the server starts from now on. The one
// that comes to a system call for the nth time is killed. What it returns ends
// the tracing, waits until the server answers and says whether one was killed.
func killBackend(t *testing.T, server *postgrestest.Server, call string, n int) (struck func() bool) {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command("strace", "-f", "-o", trace, "-p", strconv.Itoa(server.PID()), "-e", "trace="+call,
		"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for !traced(t, server.PID()) {
		time.Sleep(time.Millisecond)
	}
	return func() bool {
		_ = cmd.Process.Signal(os.Interrupt) // it lets go of the server
		_ = cmd.Wait()
		if err := server.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(text), "killed by SIGKILL")
	}
}

// traced says whether somebody traces a process.
func traced(t *testing.T, pid int) bool {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	return !strings.Contains(string(status), "TracerPid:\t0\n")
}
