//go:build unix

// Package postgrestest starts a PostgreSQL server for a test.
package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNotInstalled is returned where no server programs are found.
var ErrNotInstalled = errors.New("PostgreSQL is not installed; on Debian and Ubuntu: apt-get install postgresql")

// A Server is a PostgreSQL server of its own, in a folder of its own, reached by
// a Unix socket. It syncs to disk as a production server does.
type Server struct {
	dir   string // data and socket
	bin   string
	owner *user.User // whom it runs as; nil: as we are
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process is gone
	log   *os.File
}

// Start starts a server that ends with the test. Where PostgreSQL is not
// installed the test is skipped, unless the environment says CI=true.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := Launch(t.Context())
	if errors.Is(err, ErrNotInstalled) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("end of the server's log:\n%s", s.logTail())
		}
		if err := s.Remove(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Launch makes the server's folder and starts it.
func Launch(ctx context.Context) (*Server, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	// A short name: that of a socket has at most 107 bytes.
	if s.dir, err = os.MkdirTemp("", "pg-"); err != nil {
		return nil, err
	}
	if err := s.launch(ctx); err != nil {
		return nil, errors.Join(err, s.Remove())
	}
	return s, nil
}

func (s *Server) launch(ctx context.Context) error {
	if err := s.chooseOwner(); err != nil {
		return err
	}
	init := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "--pgdata="+s.data(), "--username=tenderbook",
		"--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions")
	s.as(init)
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	s.log = log
	return s.Start(ctx)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// Start starts the server again after [Server.Crash].
func (s *Server) Start(ctx context.Context) error {
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=200")
	cmd.Stdout, cmd.Stderr = s.log, s.log
	s.as(cmd)
	started, ended := make(chan error), make(chan struct{})
	go func() {
		// The thread that starts the server must live as long: the server is
		// told to end with it, so that none stays behind a test that is killed.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("starting postgres: %w", err)
	}
	s.cmd, s.ended = cmd, ended
	return s.Wait(ctx)
}

// Wait waits until the server answers, a minute at most: after a start, or after
// one of its processes was killed, when it recovers by itself.
func (s *Server) Wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.ended:
			return fmt.Errorf("postgres ended while starting:\n%s", s.logTail())
		case <-ctx.Done():
			return fmt.Errorf("postgres does not answer: %w\n%s", err, s.logTail())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// URL is how to reach a database of the server.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("tenderbook"), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}

// PID is the process id of the server's first process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Bin is the folder of the server's programs, pgbench among them.
func (s *Server) Bin() string { return s.bin }

// SocketDir is the folder of the server's socket.
func (s *Server) SocketDir() string { return s.dir }

// Database makes a new database and returns its URL.
func (s *Server) Database(ctx context.Context, name string) (string, error) {
	return s.URL(name), s.exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
}

// Drop deletes a database, to which nobody may be connected any more.
func (s *Server) Drop(ctx context.Context, name string) error {
	return s.exec(ctx, "DROP DATABASE "+pgx.Identifier{name}.Sanitize())
}

func (s *Server) exec(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, sql)
	return err
}

// Crash ends the server at once, as a crash of the machine's processes would:
// nothing is flushed, and the next start recovers.
func (s *Server) Crash() error { return s.signal(syscall.SIGQUIT) }

// Remove ends the server and deletes its folder.
func (s *Server) Remove() error {
	var err error
	if s.cmd != nil {
		err = s.signal(syscall.SIGINT)
	}
	if s.log != nil {
		err = errors.Join(err, s.log.Close())
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// signal signals the server's process and waits until it is gone.
func (s *Server) signal(sig os.Signal) error {
	if err := s.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-s.ended:
		return nil
	case <-time.After(30 * time.Second):
		return errors.Join(fmt.Errorf("postgres (process %d) did not end on %s", s.PID(), sig), s.cmd.Process.Kill())
	}
}

func (s *Server) logTail() []byte {
	text, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil {
		return []byte(err.Error())
	}
	return bytes.TrimSpace(text[max(0, len(text)-4000):])
}

// chooseOwner picks somebody else where we are root, whom PostgreSQL refuses.
func (s *Server) chooseOwner() error {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, gid := ids(u)
		s.owner = u
		return os.Chown(s.dir, uid, gid)
	}
	return errors.New("PostgreSQL does not run as root, and there is no user postgres nor nobody to run it")
}

func ids(u *user.User) (uid, gid int) {
	uid, _ = strconv.Atoi(u.Uid)
	gid, _ = strconv.Atoi(u.Gid)
	return uid, gid
}

// as makes a command run as the server's owner, in its folder, and end with us.
func (s *Server) as(cmd *exec.Cmd) {
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	cmd.SysProcAttr = processAttributes()
	if s.owner != nil {
		uid, gid := ids(s.owner)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
}

// find looks for the programs in the path and where Debian has them.
func find() (string, error) {
	if full, err := exec.LookPath("initdb"); err == nil {
		if full, err = filepath.EvalSymlinks(full); err == nil { // to where the other programs are
			return filepath.Dir(full), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	newest, version := "", 0
	for _, name := range found {
		v, err := strconv.Atoi(strings.Split(name, "/")[4])
		if err == nil && v > version {
			newest, version = filepath.Dir(name), v
		}
	}
	if newest == "" {
		return "", ErrNotInstalled
	}
	return newest, nil
}
