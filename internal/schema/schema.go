// Package schema holds the database's migrations: forward only, numbered, in
// PostgreSQL's dialect (see docs/decisions/0002-one-sql-text.md). A migration
// that has been released is never edited; the store compares checksums.
package schema

import "embed"

// Files are the migrations, NNNN_name.sql.
//
//go:embed *.sql
var Files embed.FS
