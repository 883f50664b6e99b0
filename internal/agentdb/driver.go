//go:build !(386 || arm || mips || mipsle)

package agentdb

import (
	"database/sql"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// Driver is how River reaches the database. In PostgreSQL, it only polls: to be woken, it
// would need a session of its own, which a pooler does not give.
func (d *DB) Driver() (riverdriver.Driver[*sql.Tx], error) {
	if d.Shared() {
		return riverdatabasesql.New(d.sql), nil
	}
	return riversqlite.New(d.sql), nil
}
