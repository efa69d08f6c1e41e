// Package postgres keeps journals in a PostgreSQL database.
//
// Any number of processes may append to the same offers. Each transaction locks
// the offer's row in heads, so that sequence numbers have one order and no gap
// and times do not go back; appends of one process that wait for the same offer
// share a transaction. The tables can be distributed by offer with Citus, and
// the server may be a Patroni cluster with synchronous replication: a commit is
// never cancelled to shorten a wait, and one whose replication is in doubt is
// answered with [journal.ErrUnknown].
package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"tenderbook/internal/follow"
	"tenderbook/internal/groupcommit"
	"tenderbook/journal"
)

// Options of a store. The zero Options are for production.
type Options struct {
	Clock func() time.Time // record time; time.Now if nil

	tracer pgx.QueryTracer // of tests: sees each statement; nil
	most   uint64          // entries that an offer may have; journal.MaxEntries if 0
}

// A Store keeps the journals of offers in one database. Its methods may be
// called from many goroutines.
type Store struct {
	pool  *pgxpool.Pool
	clock func() time.Time
	most  uint64 // entries that an offer may have
	hub   follow.Hub

	mu     sync.Mutex
	lines  map[string]*groupcommit.Line // those who append, by offer
	closed bool

	beside       sync.WaitGroup // the listener and the notifier
	stopBeside   context.CancelFunc
	toNotify     chan struct{}       // filled when grownOffers has some
	grownOffers  map[string]struct{} // appended to here since the last notification; mu is held
	reconnecting time.Duration
}

// Open connects to the database that the URL names. Tables that are missing are
// made, those of an older version upgraded, those of a newer one refused; so is
// a server that does not sync to disk.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	config.ConnConfig.OnNotice = noteDoubt
	config.ConnConfig.Tracer = o.tracer
	config.AfterConnect = prepare
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, pool); err != nil {
		pool.Close()
		if explained := explain(config, err); explained != err {
			return nil, explained
		}
		return nil, fmt.Errorf("database %q: %w", config.ConnConfig.Database, err)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.most == 0 {
		o.most = journal.MaxEntries
	}
	s := &Store{
		pool: pool, clock: o.Clock, most: o.most, lines: map[string]*groupcommit.Line{},
		toNotify: make(chan struct{}, 1), grownOffers: map[string]struct{}{}, reconnecting: time.Second,
	}
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stopBeside = stop
	s.beside.Go(func() { s.listen(beside) })
	s.beside.Go(func() { s.notify(beside) })
	return s, nil
}

// prepare looks at every new connection. A commit waits for the disk at least,
// and for what else the server is set to.
func prepare(ctx context.Context, conn *pgx.Conn) error {
	var fsync, commit string
	if err := conn.QueryRow(ctx, "SELECT current_setting('fsync'), current_setting('synchronous_commit')").Scan(&fsync, &commit); err != nil {
		return err
	}
	if fsync != "on" {
		return errors.New("the server runs with fsync = off: what it acknowledges would not survive a power cut; set fsync = on")
	}
	if commit == "off" {
		if _, err := conn.Exec(ctx, "SET synchronous_commit = on"); err != nil {
			return err
		}
	}
	// All our statements go by keys. On tables that grow faster than their
	// statistics the planner would read them whole.
	_, err := conn.Exec(ctx, "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan")
	return err
}

// doubt is the mark of a connection whose last commit is local only: the wait
// for its replication was cut short, which the server says in a warning beside
// an ordinary success.
const doubt = "tenderbook.doubt"

func noteDoubt(conn *pgconn.PgConn, n *pgconn.Notice) {
	if n.Severity == "WARNING" || n.SeverityUnlocalized == "WARNING" {
		conn.CustomData()[doubt] = n.Message
	}
}

// Append implements desk.Journal.
func (s *Store) Append(ctx context.Context, offer string, drafts ...journal.Draft) ([]journal.Receipt, error) {
	line, err := s.line(offer)
	if err != nil {
		return nil, err
	}
	return line.Append(ctx, offer, drafts)
}

func (s *Store) line(offer string) (*groupcommit.Line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, groupcommit.ErrClosed
	}
	l := s.lines[offer]
	if l == nil {
		l = groupcommit.New(s.commit)
		s.lines[offer] = l
	}
	return l, nil
}

// Close waits for the groups that are being written and disconnects. Closing
// twice does no harm.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	lines := s.lines
	s.lines = nil
	s.mu.Unlock()
	for _, l := range lines {
		l.Close(nil)
	}
	s.stopBeside()
	s.beside.Wait()
	s.pool.Close()
	return nil
}
