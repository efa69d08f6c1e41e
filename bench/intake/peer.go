//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"tenderbook/internal/postgrestest"
)

// A peer is a plain table of instructions in PostgreSQL, without journal, chain
// or idempotency beyond its primary key.
type peer struct {
	server *postgrestest.Server
	conn   *pgx.Conn
	next   int64 // id of the next row copied
	runs   int64
}

const peerTable = `CREATE TABLE intake (
	id bigint PRIMARY KEY, participant text NOT NULL, series smallint NOT NULL, principal bigint NOT NULL,
	at timestamptz NOT NULL, body bytea NOT NULL)`

func newPeer(ctx context.Context, server *postgrestest.Server) (*peer, error) {
	url, err := server.Database(ctx, "peer")
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	_, err = conn.Exec(ctx, peerTable)
	return &peer{server: server, conn: conn, next: 1 << 60}, err
}

func (p *peer) close(ctx context.Context) { _ = p.conn.Close(ctx) }

var pgbenchFigures = regexp.MustCompile(`latency average = ([\d.]+) ms[\s\S]*tps = ([\d.]+)`)

// inserts runs pgbench with 64 clients. Its p99 is not reported by pgbench.
func (p *peer) inserts(ctx context.Context, lasts time.Duration) (figures, error) {
	script, err := os.CreateTemp("", "pgbench-*.sql")
	if err != nil {
		return figures{}, err
	}
	defer os.Remove(script.Name())
	p.runs++
	// The 64 bytes of the row's own figures are as many as in a batch's body.
	fmt.Fprintf(script, `\set n :n + 1
\set id (%d * 1000 + :client_id) * 1000000000 + :n
INSERT INTO intake VALUES (:id, 'participant-' || :client_id, 1, 5000, now(), '\x%0128d');
`, p.runs, 7)
	if err := script.Close(); err != nil {
		return figures{}, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(p.server.Bin(), "pgbench"), "-h", p.server.SocketDir(), "-U", "tenderbook",
		"-n", "-M", "prepared", "-c", "64", "-j", "2", "-D", "n=0", "-T", strconv.Itoa(max(1, int(lasts.Seconds()))), "-f", script.Name(), "peer")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return figures{}, fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	m := pgbenchFigures.FindSubmatch(out)
	if m == nil {
		return figures{}, fmt.Errorf("pgbench prints no figures that we know:\n%s", out)
	}
	average, _ := strconv.ParseFloat(string(m[1]), 64)
	rows, _ := strconv.ParseFloat(string(m[2]), 64)
	return figures{rows: rows, half: time.Duration(average * 1e6)}, nil
}

// copies sends transactions of 10,000 rows by COPY.
func (p *peer) copies(ctx context.Context, lasts time.Duration) (figures, error) {
	const rows = 10_000
	body, done, start := make([]byte, 64), 0, time.Now()
	for time.Since(start) < lasts {
		n, err := p.conn.CopyFrom(ctx, pgx.Identifier{"intake"}, []string{"id", "participant", "series", "principal", "at", "body"},
			pgx.CopyFromSlice(rows, func(int) ([]any, error) {
				p.next++
				return []any{p.next, "participant-1", int16(1), int64(5000), start, body}, nil
			}))
		if err != nil {
			return figures{}, err
		}
		done += int(n)
	}
	return figures{rows: float64(done) / time.Since(start).Seconds()}, nil
}
