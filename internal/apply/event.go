package apply

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
)

// EventType says what happened.
type EventType string

// The events, in the words of `apply --json`.
const (
	ApplyStart    EventType = "apply_start"
	ChangeStart   EventType = "change_start"
	ChangeDone    EventType = "change_done"
	ChangeFailed  EventType = "change_failed"
	ChangeSkipped EventType = "change_skipped"
	ChangeUnknown EventType = "change_unknown"
	Throttled     EventType = "throttled"
	Progress      EventType = "progress"
)

// Event is one thing that happened during a run, for whoever shows it. Total
// and Done count actions. Progress comes with a Message while the run waits
// before it rereads orders, or for the API to come back.
type Event struct {
	Type    EventType    `json:"type"`
	Format  string       `json:"format_version,omitempty"` // of these events; in the first one
	At      time.Time    `json:"at"`
	RunID   string       `json:"run_id"`
	Seq     int          `json:"seq"`
	Account string       `json:"account,omitempty"`
	Address string       `json:"address,omitempty"`
	Order   *order.Ref   `json:"order,omitempty"`
	Action  order.Action `json:"action,omitempty"`
	Result  string       `json:"result,omitempty"`
	Message string       `json:"message,omitempty"`
	Done    int          `json:"done"`
	Failed  int          `json:"failed"`
	Total   int          `json:"total"`
	// The present pace and what is left of the run; absent until they are known.
	PerSecond  float64 `json:"pace_per_second,omitempty"`
	ETASeconds int     `json:"eta_seconds,omitempty"`
}
