package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
)

// Kind is what an event is about.
type Kind string

// The kinds, in the words of the language and of the messages.
const (
	FeedFailed    Kind = "feed_failed"
	FeedRecovered Kind = "feed_recovered"
	Unknown       Kind = "unknown" // the outcome of an order's call is unknown
	Refused       Kind = "refused" // the API refused an order's change
	Held          Kind = "held"    // an order was held back

	RefusedLater    Kind = "refused_later"    // the marketplace refused what the API had accepted
	NotTaken        Kind = "not_taken"        // the marketplace never showed it
	Drifted         Kind = "drifted"          // somebody else changed the order
	ScheduleFailing Kind = "schedule_failing" // several due times of a schedule failed in a row

	ConfigRefused Kind = "config_refused" // a commit does not come into force
	ConfigStale   Kind = "config_stale"   // the configuration can't be fetched any more, or can again
)

// kinds has them in the order in which messages tell them.
var kinds = []Kind{FeedFailed, FeedRecovered, Unknown, Refused, Held, RefusedLater, NotTaken, Drifted, ScheduleFailing, ConfigRefused, ConfigStale}

// Event is one thing that a message reports. It has
// no place for a buyer. Foreign text in it, such as a feed's name, is as it
// came.
type Event struct {
	ID      string    `json:"id"` // the same whenever the event comes again
	Type    Kind      `json:"type"`
	At      time.Time `json:"at"`
	RunID   string    `json:"run_id"`
	Account string    `json:"account"`

	// Of feeds.
	Watch    string `json:"watch,omitempty"`
	FeedID   string `json:"feed_id,omitempty"`
	FeedName string `json:"feed_name,omitempty"`
	Rule     string `json:"rule,omitempty"`
	RuleID   string `json:"rule_id,omitempty"`
	Result   string `json:"result,omitempty"`
	Severity string `json:"severity,omitempty"`
	Value    string `json:"value,omitempty"`

	// Of orders.
	Address string     `json:"address,omitempty"`
	Order   *order.Ref `json:"order,omitempty"`
	Action  string     `json:"action,omitempty"`
	Code    string     `json:"code,omitempty"`

	Schedule string `json:"schedule,omitempty"`

	// Of configurations that an agent takes from git.
	Workspace string `json:"workspace,omitempty"`
	Commit    string `json:"commit,omitempty"`

	Message string `json:"message,omitempty"`
}

// identify gives an event the id that a receiver tells repetitions by.
func (e *Event) identify(subject string) {
	sum := sha256.Sum256([]byte(string(e.Type) + "\x00" + subject + "\x00" + e.At.UTC().Format(time.RFC3339Nano)))
	e.ID = hex.EncodeToString(sum[:8])
}

// count is how many events of each kind there are.
func count(events []Event) map[Kind]int {
	counts := map[Kind]int{}
	for i := range events {
		counts[events[i].Type]++
	}
	return counts
}
