package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// A release says that people handled an order: what its marketplace refused is no news
// then, until the marketplace says something else. The state keeps which error that
// was, and for which reason. Another reason silences what is there now.

// silencedBy is what the state keeps of the release of an order, whose marketplace now
// reports an error with that hash.
func silencedBy(r *spec.Release, e *state.Entry, hash string) string {
	switch {
	case r == nil:
		return ""
	case e != nil && strings.HasSuffix(e.Silenced, reasonMark(r)):
		return e.Silenced
	case hash == "":
		return ""
	}
	return hash + reasonMark(r)
}

// Silenced is what the state is to keep of the release of an order, or that there is
// none, with a read that showed the order like that.
func Silenced(r *spec.Release, e *state.Entry, live *order.Live) *string {
	return new(silencedBy(r, e, uptake.ErrorHash(live.SyncError)))
}

// Silences reports whether a release says that people know of the error with that
// hash, which the order's marketplace reports.
func Silences(r *spec.Release, e *state.Entry, hash string) bool {
	return r != nil && silencedBy(r, e, hash) == hash+reasonMark(r)
}

// SilencesLive is Silences for an order as a read showed it.
func SilencesLive(r *spec.Release, e *state.Entry, live *order.Live) bool {
	return Silences(r, e, uptake.ErrorHash(live.SyncError))
}

// reasonMark distinguishes the reasons of one order's releases.
func reasonMark(r *spec.Release) string {
	const enough = 4
	sum := sha256.Sum256([]byte(r.Reason))
	return "/" + hex.EncodeToString(sum[:enough])
}
