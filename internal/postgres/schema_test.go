package postgres_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/postgres"
	"tenderbook/internal/postgrestest"
	"tenderbook/journal"
)

func run(t *testing.T, url, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestNewestIsTheLastMigration(t *testing.T) {
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(names) != postgres.Newest {
		t.Errorf("%d migrations (%v), newest is %d", len(names), err, postgres.Newest)
	}
}

// Citus can distribute a table by offer_id if every primary and unique key
// contains it; it has no triggers on such tables.
func TestSchemaCanBeDistributed(t *testing.T) {
	url := database(t, postgrestest.Start(t))
	open(t, url, postgres.Options{})
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'goose_db_version' AND indexdef LIKE '%UNIQUE%'`)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(keys) != 3 {
		t.Fatalf("%d keys, %v; want those of three tables", len(keys), err)
	}
	for _, key := range keys {
		if !regexp.MustCompile(`\boffer_id\b`).MatchString(key) {
			t.Errorf("%s: no offer_id", key)
		}
	}
	var triggers int
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_trigger").Scan(&triggers); err != nil || triggers > 0 {
		t.Errorf("%d triggers, %v", triggers, err)
	}
}

// versionOne are the tables as the program's first version left them: one offer
// with a command that was asked for twice. They never change, so that every later
// version is tried on them.
const versionOne = `
	INSERT INTO entries (offer_id, seq, at, kind, version, actor, key, prev, body) VALUES
		('LVLT-2004', 1, 1098993600000000123, 7, 1, 'ann', 'first', '\x2007b0f9c7f21107cc88f601fd45538328928d45b55dd5f2920157bf5425fb2e', '{"text":"one"}'),
		('LVLT-2004', 2, 1098993600000000123, 7, 1, 'Ünal', 'second', '\xe41d95fe0c7e4b3f1553e4c0f688d4d3a5e1836793d7ab161b03efb2e6e79dd7', '');
	INSERT INTO commands (offer_id, key, actor, seq, asked) VALUES ('LVLT-2004', 'first', 'ann', 1, 2), ('LVLT-2004', 'second', 'Ünal', 2, 1);
	INSERT INTO heads (offer_id, seq, at, hash, body_hash) VALUES
		('LVLT-2004', 2, 1098993600000000123, '\x60a869693c2ca72a204f44456987bac45cd5d84863a193f87ec42b6ae591759c', '\xff86c77e8ead00caf9bc3d3d424d759b34b27c685c3b94002cece6edfe763c41')`

func TestTablesOfVersionOneAreTakenOver(t *testing.T) {
	url := database(t, postgrestest.Start(t))
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	migrations, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	run(t, url, versionOne)
	for range 2 { // the second time there is nothing to upgrade
		s := open(t, url, postgres.Options{})
		entries := journaltest.Check(t, s, "LVLT-2004")
		if len(entries) != 2 || string(entries[0].Body) != `{"text":"one"}` || entries[1].Actor != "Ünal" || entries[1].At.UnixNano() != 1098993600000000123 {
			t.Fatalf("entries %+v", entries)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, url, postgres.Options{})
	old := journal.Draft{Kind: journal.KindNote, Version: 1, Actor: "ann", Key: "first", Body: []byte(`{"text":"one"}`)}
	next := journal.Draft{Kind: journal.KindNote, Version: 1, Actor: "ann", Key: "third", Body: []byte(`{"text":"three"}`)}
	if r, err := s.Append(t.Context(), "LVLT-2004", old, next); err != nil || !r[0].Existing || r[0].Seq != 1 || r[1].Seq != 3 {
		t.Errorf("an old command and a new one: %v, %v", r, err)
	}
	journaltest.Check(t, s, "LVLT-2004")
}

func TestOpenRefuses(t *testing.T) {
	server := postgrestest.Start(t)
	newer := database(t, server)
	if err := open(t, newer, postgres.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	run(t, newer, fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, true)", postgres.Newest+1))
	_, err := postgres.Open(t.Context(), newer, postgres.Options{})
	if !errors.Is(err, journal.ErrNewer) {
		t.Errorf("a newer schema: %v, want journal.ErrNewer", err)
	}

	unsafe := database(t, server)
	run(t, unsafe, "ALTER SYSTEM SET fsync = off")
	run(t, unsafe, "SELECT pg_reload_conf()")
	for range 100 {
		if _, err = postgres.Open(t.Context(), unsafe, postgres.Options{}); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "fsync = off") {
		t.Errorf("a server that does not sync: %v", err)
	}
}

// Where the wait for replication is cut short, the server says success and warns:
// the receipt would be false.
func TestCommitInDoubtIsUnknown(t *testing.T) {
	server := postgrestest.Start(t)
	url := database(t, server)
	s := open(t, url, postgres.Options{})
	d := journal.Draft{Kind: journal.KindNote, Actor: "ann", Key: "1"}
	run(t, url, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'") // who never answers
	run(t, url, "SELECT pg_reload_conf()")
	told := make(chan error)
	go func() {
		for i := 0; ; i++ { // until the setting has reached the server's processes
			d.Key = fmt.Sprint(i)
			if _, err := s.Append(t.Context(), "o", d); err != nil {
				told <- err
				return
			}
		}
	}()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for waiting := 0; waiting == 0; {
		const cancel = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
		if err := conn.QueryRow(t.Context(), cancel).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-told; !errors.Is(err, journal.ErrUnknown) {
		t.Errorf("a commit whose replication was cut short: %v, want journal.ErrUnknown", err)
	}
	run(t, url, "ALTER SYSTEM RESET synchronous_standby_names")
	run(t, url, "SELECT pg_reload_conf()")
	r, err := s.Append(t.Context(), "o", d)
	if err != nil || !r[0].Existing {
		t.Errorf("asked again: %v, %v; want the entry that is there", r, err)
	}
}

// A repeated command writes, so that its answer waits as a first one does.
func TestRepeatedCommandWrites(t *testing.T) {
	url := database(t, postgrestest.Start(t))
	s := open(t, url, postgres.Options{})
	d := journal.Draft{Kind: journal.KindNote, Actor: "ann", Key: "1"}
	for range 3 {
		if _, err := s.Append(t.Context(), "o", d, d); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var asked int
	if err := conn.QueryRow(t.Context(), "SELECT asked FROM commands").Scan(&asked); err != nil || asked != 6 {
		t.Errorf("asked for %d times by the table, %v; want 6", asked, err)
	}
}
