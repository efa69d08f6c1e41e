package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"tenderbook/journal"
)

//go:embed migrations/*.sql
var migrations embed.FS

// newest is the version of the schema that this program writes. TestNewest
// holds it to the folder of migrations.
const newest = 1

// upgradeLock keeps two processes from upgrading at once ("Tend", as a number).
const upgradeLock = 0x54656e64

// migrate brings the tables up to date, or says why it cannot.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	version, err := schemaVersion(ctx, conn.Conn())
	if err != nil || version == newest {
		return err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", upgradeLock); err != nil {
		return err
	}
	err = upgrade(ctx, pool)
	if _, unlock := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", upgradeLock); unlock != nil {
		err = errors.Join(err, unlock)
	}
	if err != nil {
		return fmt.Errorf("upgrading the tables from version %d to %d: %w", version, newest, err)
	}
	return nil
}

// schemaVersion is 0 where there are no tables yet.
func schemaVersion(ctx context.Context, conn *pgx.Conn) (version int, err error) {
	var tables bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&tables); err != nil || !tables {
		return 0, err
	}
	err = conn.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if version > newest {
		return version, fmt.Errorf("schema version %d, this program knows up to %d: %w", version, newest, journal.ErrNewer)
	}
	return version, err
}

func upgrade(ctx context.Context, pool *pgxpool.Pool) (err error) {
	db := stdlib.OpenDBFromPool(pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, folder)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
