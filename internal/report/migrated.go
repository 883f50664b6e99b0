package report

import "github.com/gdfctl/gdfctl/internal/jsonformat"

// Migrated is a state that moves to another place.
type Migrated struct {
	FormatVersion string  `json:"format_version"`
	From          *string `json:"from"` // null: it was there already
	To            string  `json:"to"`
	State         *string `json:"state"` // which one it is, for the backend block; null: it is kept in files
	Orders        int     `json:"orders"`
	OpenCalls     int     `json:"open_calls"` // calls whose outcome is not known, which go along
	Result        string  `json:"result"`
	AuditHead     *string `json:"audit_head"` // null: the log was not added to
}

// The results of a migration.
const (
	MigratePlanned   = "planned"   // it is asked about
	MigrateMoved     = "moved"     // all of it
	MigrateContinued = "continued" // one that was cut off was brought to its end
	MigrateAlready   = "already"   // the state was there
)

// NewMigrated is the report of a migration.
func NewMigrated(from, to, state, result, head string, orders, open int) *Migrated {
	return &Migrated{jsonformat.Version, nullable(from), to, nullable(state), orders, open, result, nullable(head)}
}
