package reconcile

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Facts are what a slice of a run saw and did, for those who watch: counts and times, no
// order and no buyer. They are kept as JSON, and what is absent was not looked at.
type Facts struct {
	Changes map[order.Action]map[ChangeOutcome]int `json:"changes,omitempty"`
	// Listed are the accounts all of whose new orders the run listed, and Unacknowledged those
	// of these orders that nobody acknowledged. Of other accounts, nothing is known.
	Listed         []string         `json:"listed,omitempty"`
	Unacknowledged []Unacknowledged `json:"unacknowledged,omitempty"`
	Feeds          []FeedFact       `json:"feeds,omitempty"` // that a watch means, of a check of feeds

	// By account. Codes are those of HTTP, or NoCode.
	Calls  map[string]map[string]int `json:"calls,omitempty"`
	Waited map[string]time.Duration  `json:"waited_ns,omitempty"` // for the call limit
	Levels map[string]float64        `json:"levels,omitempty"`    // calls in the bucket when the slice ended

	LeaseLost bool `json:"lease_lost,omitempty"` // another run took the state over, or had to
}

// NoCode stands for the code of a call that got no answer.
const NoCode = "none"

// ChangeOutcome is how one change of a run ended.
type ChangeOutcome string

// The outcomes of changes that were tried.
const (
	ChangeApplied ChangeOutcome = "applied"
	ChangeFailed  ChangeOutcome = "failed"
	ChangeUnknown ChangeOutcome = "unknown"
)

// Unacknowledged are new orders of one marketplace that wants them acknowledged.
type Unacknowledged struct {
	Account string    `json:"account"`
	Source  string    `json:"source"`
	Oldest  time.Time `json:"oldest,omitzero"` // the earliest date of creation; zero: the marketplace says none
	Orders  int       `json:"orders"`
}

// FeedFact is a feed as a check found it.
type FeedFact struct {
	Account    string          `json:"account"`
	Name       string          `json:"name"`
	FeedID     string          `json:"feed_id"`
	State      watch.FeedState `json:"state"`
	Items      *int            `json:"items,omitempty"` // nil: not known
	CompiledAt time.Time       `json:"compiled_at,omitzero"`
}
