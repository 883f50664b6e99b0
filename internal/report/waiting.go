package report

import (
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Waiting is a run that waits because another one holds the state: for programs a
// line before those of the events.
type Waiting struct {
	Type   string      `json:"type"` // "waiting"
	Format string      `json:"format_version"`
	At     *time.Time  `json:"at"`
	Holder *LockHolder `json:"holder"`
	Until  *time.Time  `json:"until"` // when it is taken over unless the holder shows a sign of life; null: not known

	Message string `json:"-"`
}

// NewWaiting is the report of a run that waits. named is the holder in words.
func NewWaiting(holder *LockHolder, named string, until, now time.Time) *Waiting {
	w := &Waiting{Type: "waiting", Format: jsonformat.Version, At: wholeSeconds(now), Holder: holder}
	w.Message = "waiting for the state, which is held by " + named
	if !until.IsZero() {
		w.Until = wholeSeconds(until)
		w.Message += fmt.Sprintf("; it is taken over in %s unless that one shows a sign of life", words.Duration(max(until.Sub(now), 0)))
	}
	return w
}
