package plan

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// OlderError reports whether a live order, which was read at that time, has an error that
// its marketplace does not refuse the last change of gdfctl with. Errors with
// one hash count as one text.
func OlderError(entry *state.Entry, live order.Live, at time.Time, with uptake.Settings) (hash string, older bool) {
	if hash = uptake.ErrorHash(live.SyncError); hash == "" {
		return "", false
	}
	is, changed := UptakeNow(entry, live, at, with)
	return hash, !changed || is.Word != uptake.RefusedLater
}
