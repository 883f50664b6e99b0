//go:build 386 || arm || mips || mipsle

package agentdb

import (
	"database/sql"
	"errors"

	"github.com/riverqueue/river/riverdriver"
)

// Driver has none to give: that of River does not compile where an int has 32 bits.
func (d *DB) Driver() (riverdriver.Driver[*sql.Tx], error) {
	return nil, errors.New("an agent needs a 64-bit system")
}
