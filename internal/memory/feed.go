package memory

import (
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/compilation"
)

// maxObservations is how many observations of a feed are kept.
const maxObservations = 30

// FeedRecord is what earlier looks showed of one feed.
type FeedRecord struct {
	Name         string            `json:"name"`               // at the latest look that showed it: foreign text
	SeenAt       time.Time         `json:"seen_at"`            // the latest look that showed it
	GoneAt       time.Time         `json:"gone_at,omitzero"`   // the first look that did not, while it is gone
	Renamed      string            `json:"renamed,omitempty"`  // its name since, where watches miss it for that: foreign text
	Meant        []string          `json:"meant,omitempty"`    // the patterns of names by which watches mean it
	Observations []FeedObservation `json:"observations"`       // the oldest first, maxObservations at most
	Content      *FeedContent      `json:"content,omitempty"`  // of the file, as far as it was looked at
	UnreadAt     time.Time         `json:"unread_at,omitzero"` // the latest download, if it failed
}

// FeedObservation is what the API said of a feed for some time: dates and
// counts. A look that shows the same compilation, status and counts as the one
// before is the same observation.
type FeedObservation struct {
	SeenAt      time.Time           `json:"seen_at"`    // by the first look
	CheckedAt   time.Time           `json:"checked_at"` // by the latest look
	Status      string              `json:"status"`     // foreign text
	CompiledAt  time.Time           `json:"compiled_at,omitzero"`
	SubmittedAt time.Time           `json:"submitted_at,omitzero"`
	PulledAt    time.Time           `json:"pulled_at,omitzero"`
	Counts      *compilation.Counts `json:"counts,omitempty"` // nil where the API gave none
	Score       float64             `json:"score,omitempty"`
	HeaderHash  string              `json:"header_hash,omitempty"` // of the file, if it was looked at
}

// FeedContent are counts of a feed's file, and line numbers. The names in it are
// those that a configuration asks for, never what a file holds.
type FeedContent struct {
	Of string    `json:"of"` // which compilation was looked at, and for what: compared, never read
	At time.Time `json:"at"`

	Empty            bool          `json:"empty,omitempty"`
	HTML             bool          `json:"html,omitempty"`
	XML              bool          `json:"xml,omitempty"`
	Archive          string        `json:"archive,omitempty"` // what is wrong with a compressed file, in words of gdfctl's own
	Encoding         string        `json:"encoding,omitempty"`
	BadBytesLine     int           `json:"bad_bytes_line,omitempty"`
	HeaderHash       string        `json:"header_hash,omitempty"`
	Columns          int           `json:"columns"`
	Rows             int           `json:"rows"`
	Ragged           int           `json:"ragged,omitempty"`
	FirstRaggedLine  int           `json:"first_ragged_line,omitempty"`
	Damaged          int           `json:"damaged,omitempty"`
	FirstDamagedLine int           `json:"first_damaged_line,omitempty"`
	Swallowed        int           `json:"swallowed,omitempty"`
	FirstSwallowing  int           `json:"first_swallowing,omitempty"`
	MissingColumns   []string      `json:"missing_columns,omitempty"`
	Cells            []CellsResult `json:"cells,omitempty"`
}

// Table reports whether there are rows and columns in the file.
func (c *FeedContent) Table() bool { return !c.Empty && !c.HTML && !c.XML && c.Archive == "" }

// CellsResult is what one check of a column's cells found.
type CellsResult struct {
	Check     string `json:"check"` // the attribute that asks for it, like "unique"
	Column    string `json:"column"`
	Missing   bool   `json:"missing,omitempty"` // there is no such column
	Count     int    `json:"count,omitempty"`   // of cells that are not as they should be
	FirstLine int    `json:"first_line,omitempty"`
	Unchecked int    `json:"unchecked,omitempty"` // rows that could not be compared
}

// Observe adds what a look showed.
func (r *FeedRecord) Observe(o FeedObservation) {
	o.SeenAt, o.CheckedAt = plainTime(o.SeenAt), plainTime(o.SeenAt)
	o.CompiledAt, o.SubmittedAt, o.PulledAt = plainTime(o.CompiledAt), plainTime(o.SubmittedAt), plainTime(o.PulledAt)
	if newest := r.newest(); newest != nil {
		if o.SeenAt.Before(newest.SeenAt) && o.CompiledAt.Before(newest.CompiledAt) {
			return // a look that was overtaken by a later one
		}
		if newest.Same(o) && strings.EqualFold(newest.Status, o.Status) {
			o.SeenAt = newest.SeenAt
			if o.HeaderHash == "" {
				o.HeaderHash = newest.HeaderHash
			}
			*newest = o
			return
		}
	}
	r.Observations = append(r.Observations, o)
	r.trim()
}

// trim lets go of the oldest observations, where there are more than are kept.
func (r *FeedRecord) trim() {
	if over := len(r.Observations) - maxObservations; over > 0 {
		r.Observations = r.Observations[over:]
	}
}

// newest is the latest observation, or nil.
func (r *FeedRecord) newest() *FeedObservation {
	if len(r.Observations) == 0 {
		return nil
	}
	return &r.Observations[len(r.Observations)-1]
}

// Same reports whether two observations are of one compilation: of the same
// date, with the same counts.
func (o *FeedObservation) Same(p FeedObservation) bool {
	if !o.CompiledAt.Equal(p.CompiledAt) || (o.Counts == nil) != (p.Counts == nil) {
		return false
	}
	return o.Counts == nil || *o.Counts == *p.Counts
}

// plainTime is t without its zone and its monotonic clock.
func plainTime(t time.Time) time.Time { return t.UTC().Round(0) }
