//go:build unix

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
	"tenderbook/internal/sqlite"
)

// The ground is where all contend: one disk, one PostgreSQL server.
type ground struct {
	dir      string
	server   *postgrestest.Server
	peer     *peer
	embedded *sqlite.Store
	shared   *postgres.Store
}

// openGround starts and opens all. What it opened before an error is closed.
func openGround(ctx context.Context) (*ground, error) {
	g := &ground{}
	if err := g.open(ctx); err != nil {
		return nil, errors.Join(err, g.close(ctx))
	}
	return g, nil
}

func (g *ground) open(ctx context.Context) (err error) {
	if g.server, err = postgrestest.Launch(ctx); err != nil {
		return err
	}
	if g.dir, err = os.MkdirTemp("", "intake-"); err != nil {
		return err
	}
	if g.embedded, err = sqlite.Open(ctx, filepath.Join(g.dir, "offers.db"), sqlite.Options{Clock: clock()}); err != nil {
		return err
	}
	url, err := g.server.Database(ctx, "journal")
	if err != nil {
		return err
	}
	if g.shared, err = postgres.Open(ctx, url, postgres.Options{Clock: clock()}); err != nil {
		return err
	}
	g.peer, err = newPeer(ctx, g.server)
	return err
}

func (g *ground) close(ctx context.Context) (err error) {
	if g.peer != nil {
		g.peer.close(ctx)
	}
	if g.shared != nil {
		err = errors.Join(err, g.shared.Close())
	}
	if g.embedded != nil {
		err = errors.Join(err, g.embedded.Close())
	}
	if g.dir != "" {
		err = errors.Join(err, os.RemoveAll(g.dir))
	}
	if g.server != nil {
		err = errors.Join(err, g.server.Remove())
	}
	return err
}

// contenders lists all, each peer before those who are compared with it.
func (g *ground) contenders() []contender {
	file, node := &place{store: g.embedded, name: "file"}, &place{store: g.shared, name: "server"}
	var besides, without figures
	return []contender{
		{"PostgreSQL, single-row INSERT, 64 clients (pgbench, prepared)", insert, g.peer.inserts},
		{"desk on SQLite, single commands, 64 callers", insert, file.desk(singles)},
		{"SQLite store alone, single commands, 64 callers", insert, file.raw(singles)},
		{"desk on PostgreSQL, single commands, 64 callers", insert, node.desk(singles)},
		{"PostgreSQL store alone, single commands, 64 callers", insert, node.raw(singles)},
		{"PostgreSQL, COPY, 10,000 rows a transaction", copies, g.peer.copies},
		{"desk on SQLite, batches of 1,000, 8 callers", copies, file.desk(batches)},
		{"SQLite store alone, batches of 1,000, 8 callers", copies, file.raw(batches)},
		{"desk on PostgreSQL, batches of 1,000, 8 callers", copies, node.desk(batches)},
		{"PostgreSQL store alone, batches of 1,000, 8 callers", copies, node.raw(batches)},
		{"reader of totals and one state on SQLite, every ms", "", file.read(singles, time.Millisecond, &besides)},
		{"desk on SQLite, single commands, 64 callers, " + besideReader, insert, same(&besides)},
		{"reader of totals and one state on SQLite, without pause", "", file.read(singles, 0, &without)},
		{"desk on SQLite, single commands, 64 callers, " + besideReader, insert, same(&without)},
	}
}
