package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"tenderbook/internal/desk"
)

// Examine implements desk.Examiner: the settings are those of a connection as
// the store uses it.
func (s *Store) Examine(ctx context.Context) ([]desk.Setting, error) {
	var all []desk.Setting
	for _, x := range []struct {
		name, query string
		good        func(string) bool
		needs       string
	}{
		{"server_version", "", nil, ""},
		{"schema_version", "SELECT max(version_id)::text FROM goose_db_version WHERE is_applied", is(strconv.Itoa(newest)), "upgrade the program, or open the database once with it"},
		{"fsync", "", is("on"), "on: without it nothing survives a power cut"},
		{"synchronous_commit", "", isNot("off", "local"), "on, or remote_apply: with local a commit is lost with the server's disk, where there is a standby"},
		{"synchronous_standby_names", "", isNot(""), "a standby: as it is, what was acknowledged since the last backup is lost with the server's disk"},
		{"full_page_writes", "", is("on"), "on: a page that was half written at a power cut could not be mended"},
		{"wal_sync_method", "", nil, ""},
		{"data_checksums", "", is("on"), "on (pg_checksums --enable): a page that the disk changed is else found by tender verify alone"},
		{"block_size", "", nil, ""},
		{"server_encoding", "", is("UTF8"), "UTF8: names of holders are in it"},
		{"recovering", "SELECT pg_is_in_recovery()::text", is("false"), "false: this is a standby, and decisions are made on the primary"},
	} {
		if x.query == "" {
			x.query = "SELECT current_setting('" + x.name + "')"
		}
		y := desk.Setting{Name: x.name}
		if err := s.pool.QueryRow(ctx, x.query).Scan(&y.Value); err != nil {
			return nil, fmt.Errorf("%s: %w", x.name, err)
		}
		if x.good != nil && !x.good(y.Value) {
			y.Needs = x.needs
		}
		all = append(all, y)
	}
	return all, nil
}

func is(good string) func(string) bool { return func(s string) bool { return s == good } }

func isNot(bad ...string) func(string) bool {
	return func(s string) bool { return !slices.Contains(bad, s) }
}
