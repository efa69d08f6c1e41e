package postgres

import "github.com/jackc/pgx/v5"

// Newest is the version of the schema.
const Newest = newest

// OptionsForTests are Options with somebody who sees each statement.
func OptionsForTests(tracer pgx.QueryTracer) Options { return Options{tracer: tracer} }

// OptionsForFew are Options under which an offer may have few entries.
func OptionsForFew(most uint64) Options { return Options{most: most} }
