package report

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/words"
)

// StatusKind says what is open.
type StatusKind string

// The kinds, those that need a person first.
const (
	StatusRefused   StatusKind = "refused_later"
	StatusTwice     StatusKind = "inserted_twice"
	StatusPull      StatusKind = "pull_parcel"
	StatusDrifted   StatusKind = "drifted"
	StatusNotTaken  StatusKind = "not_taken"
	StatusUnknown   StatusKind = "unknown"
	StatusOverdue   StatusKind = "acknowledge_overdue"
	StatusFeeds     StatusKind = "feeds_failing"
	StatusPending   StatusKind = "pending"
	StatusShown     StatusKind = "shown"
	StatusRunning   StatusKind = "in_progress"
	StatusWaiting   StatusKind = "acknowledge_waiting"
	StatusUnclaimed StatusKind = "unclaimed"
)

// StatusGroup says whether something needs a person.
type StatusGroup string

// The groups, in the order in which they are shown.
const (
	NeedsYou    StatusGroup = "needs_you"
	JustWaits   StatusGroup = "waiting"
	NotInATable StatusGroup = "not_in_a_table"
)

// StatusGroups are the groups with their headings.
var StatusGroups = []struct {
	Group StatusGroup
	Title string
}{{NeedsYou, "Needs you"}, {JustWaits, "Waiting"}, {NotInATable, "Not in any table"}}

// StatusItem are things of one kind.
type StatusItem struct {
	Kind    StatusKind    `json:"kind"`
	Group   StatusGroup   `json:"group"`
	Count   int           `json:"count"`
	AtLeast bool          `json:"at_least,omitempty"` // there can be more
	NewOnly bool          `json:"new_only,omitempty"` // orders in processing are not counted
	Source  string        `json:"source,omitempty"`   // the marketplace of all of them
	Oldest  *time.Time    `json:"oldest"`
	DueAt   *time.Time    `json:"due_at,omitempty"` // of the oldest
	Orders  []StatusOrder `json:"orders"`           // those that need somebody, or are due
	Command string        `json:"command"`          // that helps; empty: time helps
}

// StatusOrder is an order of an item.
type StatusOrder struct {
	Account string        `json:"account"`
	Order   order.Ref     `json:"order"`
	Action  order.Action  `json:"action,omitempty"`
	Since   time.Time     `json:"since"`
	Parcel  *order.Parcel `json:"parcel,omitempty"`
}

// StatusResult is a status in one word.
type StatusResult string

// The results.
const (
	NothingOpen StatusResult = "ok"
	OnlyWaits   StatusResult = "waiting"
	NeedsPerson StatusResult = "needs_person"
)

// Status is what is open, for a screen.
type Status struct {
	FormatVersion string         `json:"format_version"`
	At            time.Time      `json:"at"`
	Offline       bool           `json:"offline"` // the API was not asked
	Calls         int            `json:"calls"`
	Result        StatusResult   `json:"result"`
	Items         []StatusItem   `json:"items"`
	Problems      []FeedsProblem `json:"problems"` // accounts whose orders are not known

	Mark      string `json:"-"` // as of a plan
	Workspace string `json:"-"`
}

// NewStatus is a status of nothing yet.
func NewStatus(at time.Time, offline bool, calls int) *Status {
	return &Status{
		FormatVersion: jsonformat.Version, At: at.UTC().Truncate(time.Second), Offline: offline, Calls: calls, Result: NothingOpen,
		Items: []StatusItem{}, Problems: []FeedsProblem{},
	}
}

// Add adds things of a kind, if there are any.
func (r *Status) Add(item StatusItem) {
	if item.Count == 0 {
		return
	}
	item.Orders = listed(item.Orders)
	r.Items = append(r.Items, item)
	switch {
	case item.Group == NeedsYou:
		r.Result = NeedsPerson
	case item.Group == JustWaits && r.Result == NothingOpen:
		r.Result = OnlyWaits
	}
}

// In are the items of a group.
func (r *Status) In(group StatusGroup) (items []*StatusItem) {
	for i := range r.Items {
		if r.Items[i].Group == group {
			items = append(items, &r.Items[i])
		}
	}
	return items
}

// Things is how many things need a person.
func (r *Status) Things() (n int) {
	for _, item := range r.In(NeedsYou) {
		n += item.Count
	}
	return n
}

// Number is how many there are.
func (i *StatusItem) Number() string {
	if i.AtLeast {
		return words.Number(i.Count) + "+"
	}
	return words.Number(i.Count)
}

// Words say what they are, behind their number.
func (i *StatusItem) Words() string {
	switch i.Kind {
	case StatusRefused:
		return "refused by the marketplace"
	case StatusTwice:
		return "inserted once, there more than once"
	case StatusPull:
		return i.Orders[0].Parcel.Pull()
	case StatusDrifted:
		return "changed by somebody else"
	case StatusNotTaken:
		return "accepted, never shown"
	case StatusUnknown:
		return "outcome unknown"
	case StatusOverdue, StatusWaiting:
		return i.Source + ", not acknowledged"
	case StatusFeeds:
		return words.Noun(i.Count, "feed fails", "feeds fail")
	case StatusPending:
		return "accepted, not shown yet"
	case StatusShown:
		return "shown, not confirmed yet"
	case StatusRunning:
		return words.Noun(i.Count, "call in progress", "calls in progress")
	case StatusUnclaimed:
		if i.NewOnly {
			return words.Noun(i.Count, "new order", "new orders")
		}
		return words.Noun(i.Count, "open order", "open orders")
	}
	return string(i.Kind)
}

// Age is since when the oldest is there; of a parcel, which order it is.
func (i *StatusItem) Age(now time.Time) string {
	switch {
	case i.Kind == StatusPull:
		return i.Orders[0].Order.String()
	case i.Oldest == nil:
		return ""
	}
	age := "oldest " + minutes(now.Sub(*i.Oldest))
	if i.Kind == StatusFeeds {
		age = "checked " + minutes(now.Sub(*i.Oldest)) + " ago"
	}
	if i.DueAt != nil {
		age += " of " + minutes(i.DueAt.Sub(*i.Oldest))
	}
	return age
}

// minutes is a length of time without seconds, unless it has no more.
func minutes(d time.Duration) string {
	if d = max(d, 0); d >= time.Minute {
		d = d.Truncate(time.Minute)
	}
	return words.Duration(d)
}

// Footing says what a status was made from.
func (r *Status) Footing() string {
	if r.Offline {
		return "The API was not asked: new orders are not looked at."
	}
	return words.Count(r.Calls, "call", "calls") + "."
}
