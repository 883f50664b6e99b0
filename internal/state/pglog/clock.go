package pglog

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

var _ sharedlog.Clocked = (*Place)(nil)

// Clock implements sharedlog.Clocked.
func (p *Place) Clock(ctx context.Context) (time.Time, error) {
	rows, err := p.query(ctx, `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)
	if err != nil {
		return time.Time{}, p.notRead(err)
	}
	return time.Parse(time.RFC3339, string(rows[0][0]))
}
