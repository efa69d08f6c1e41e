package sqlite_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenderbook/internal/journaltest"
	"tenderbook/internal/sqlite"
	"tenderbook/journal"
)

// versionOne is a copy of testdata/version-1.db: two offers of 20 notes each, as
// the program wrote them when each entry was a row.
func versionOne(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("testdata/version-1.db")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "offers.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileOfVersionOneIsUpgraded(t *testing.T) {
	path := versionOne(t)
	for range 2 { // the second time there is nothing to do
		s := open(t, path, sqlite.Options{})
		for offer, want := range map[string]string{
			"offer-0": "f80cb98e1e5cb594f795146f29625faa631766e32e320c0d092a67e915687600",
			"offer-1": "599d916d56d5630940093e86477016b15e2b5e0656a7de011c0bd6272de5ec2c",
		} {
			entries := journaltest.Check(t, s, offer)
			if got := fmt.Sprintf("%x", entries[19].Hash()); got != want {
				t.Errorf("%s: entry 20 has hash %s, had %s", offer, got, want)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, path, sqlite.Options{})
	d := journal.Draft{Kind: journal.KindNote, Version: 1, Actor: "actor-1", Key: "key-4", Body: []byte("command 4 of offer-0")}
	if r, err := s.Append(t.Context(), "offer-0", d, note("new", 5)); err != nil || !r[0].Existing || r[0].Seq != 3 || r[1].Seq != 21 {
		t.Errorf("an old command and a new one: %v, %v", r, err)
	}
	journaltest.Check(t, s, "offer-0")
	tables := ""
	query := "SELECT group_concat(name, ' ' ORDER BY name) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'"
	if err := raw(t, path).QueryRow(query).Scan(&tables); err != nil || tables != "groups heads" {
		t.Errorf("tables %s, %v", tables, err)
	}
}

// An upgrade that was cut off after its first step goes on with the next.
func TestAnUpgradeThatWasCutOff(t *testing.T) {
	path := versionOne(t)
	db := raw(t, path)
	p, err := sqlite.Migrations(db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if n := len(journaltest.Check(t, open(t, path, sqlite.Options{}), "offer-1")); n != 20 {
		t.Errorf("%d entries, want 20", n)
	}
}

// A long journal goes into several rows, and damage stays what it was: the upgrade
// neither repairs nor hides it.
func TestUpgradeOfALongJournalWithAGap(t *testing.T) {
	path := versionOne(t)
	db := raw(t, path)
	lengthen(t, db, 2000)
	if _, err := db.Exec("DELETE FROM entries WHERE offer_id = 'offer-0' AND seq = 1234"); err != nil {
		t.Fatal(err)
	}
	s := open(t, path, sqlite.Options{})
	if n := len(journaltest.Check(t, s, "offer-1")); n != 2000 {
		t.Errorf("%d entries, want 2000", n)
	}
	err := s.Read(t.Context(), "offer-0", 1, func(*journal.Entry) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "entry 1235 follows where 1234 should") {
		t.Errorf("reading over the gap: %v", err)
	}
	if _, err := s.Append(t.Context(), "offer-0", note("new", 1)); err == nil {
		t.Error("an offer with a gap takes more")
	}
}

// lengthen makes both offers longer, as version 1 would have.
func lengthen(t *testing.T, db *sql.DB, to uint64) {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	must := func(query string, args ...any) {
		t.Helper()
		if _, err := tx.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, offer := range []string{"offer-0", "offer-1"} {
		last := journal.Receipt{Offer: offer}
		var hash []byte
		var at int64
		if err := tx.QueryRow("SELECT seq, at, hash FROM heads WHERE offer_id = ?", offer).Scan(&last.Seq, &at, &hash); err != nil {
			t.Fatal(err)
		}
		last.Hash = [32]byte(hash)
		for last.Seq < to {
			at++
			e := journal.Next(offer, last, time.Unix(0, at), note(fmt.Sprint("long ", last.Seq), 30))
			must("INSERT INTO entries (offer_id, seq, at, kind, version, actor, key, prev, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
				offer, int64(e.Seq), at, int64(e.Kind), int64(e.Version), e.Actor, e.Key, e.Prev[:], e.Body)
			must("INSERT INTO commands (offer_id, key, actor, seq, asked) VALUES (?, ?, ?, ?, 1)", offer, e.Key, e.Actor, int64(e.Seq))
			last = journal.ReceiptOf(&e)
		}
		must("UPDATE heads SET seq = ?, at = ?, hash = ?, body_hash = ? WHERE offer_id = ?", int64(last.Seq), at, last.Hash[:], last.Body[:], offer)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
