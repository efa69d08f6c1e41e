package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver of database/sql that goose needs
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"tenderbook/journal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// newest is the version of the schema that this program writes. TestNewest
// holds it to the migrations.
const newest = 3

// applicationID marks the file as ours ("Tend").
const applicationID = 0x54656e64

// migrate brings the schema up to date, or says why it cannot.
func migrate(ctx context.Context, conn *sqlite.Conn, path string) error {
	version, err := schemaVersion(conn)
	if err != nil || version == newest {
		return err
	}
	if err := upgrade(ctx, path); err != nil {
		// Another process may have been faster.
		if version, again := schemaVersion(conn); again == nil && version == newest {
			return nil
		}
		return fmt.Errorf("upgrading the schema from version %d to %d: %w", version, newest, err)
	}
	return nil
}

// schemaVersion is 0 for an empty file.
func schemaVersion(conn *sqlite.Conn) (int, error) {
	tables, err := number(conn, "SELECT count(*) FROM sqlite_schema WHERE name <> 'goose_db_version' AND name NOT LIKE 'sqlite_%'")
	if err != nil || tables == 0 {
		return 0, err
	}
	switch id, err := number(conn, "PRAGMA application_id"); {
	case err != nil:
		return 0, err
	case id != applicationID:
		return 0, errors.New("a database of another program: name a new file")
	}
	version, err := number(conn, "SELECT max(version_id) FROM goose_db_version WHERE is_applied")
	if version > newest {
		return 0, fmt.Errorf("schema version %d, this program knows up to %d: %w", version, newest, journal.ErrNewer)
	}
	return version, err
}

func number(conn *sqlite.Conn, query string) (int, error) {
	var n int
	err := sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(row *sqlite.Stmt) error {
		n = row.ColumnInt(0)
		return nil
	}})
	return n, err
}

func upgrade(ctx context.Context, path string) (err error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: "_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_txlock=immediate"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	p, err := provider(db)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// provider knows all migrations.
func provider(db *sql.DB) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, folder, goose.WithGoMigrations(moveEntries))
}
