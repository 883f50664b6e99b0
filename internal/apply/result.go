package apply

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
)

// ItemResult is how one action of a run ended.
type ItemResult string

// The results, in the words of the summary.
const (
	Applied   ItemResult = "applied"   // accepted by the API, or reread and as wanted
	Confirmed ItemResult = "confirmed" // an earlier run's call: a reread showed that it had taken effect
	AsWanted  ItemResult = "as_wanted" // there already when its turn came
	Skipped   ItemResult = "skipped"   // the order changed since the plan
	HeldBack  ItemResult = "held_back" // canceled in the meantime, or refused by a rule of the policy
	// The configuration wants it, and no plan that reviewers were shown has it.
	NotReviewed ItemResult = "not_reviewed"
	Failed      ItemResult = "failed"      // refused by the API, or not possible
	Unknown     ItemResult = "unknown"     // the outcome of the call is unknown
	NotReached  ItemResult = "not_reached" // the run ended before its turn
)

// Item is one action of a run and how it ended.
type Item struct {
	Address   string       `json:"address"`
	Account   string       `json:"account"`
	Order     order.Ref    `json:"order"`
	Action    order.Action `json:"action"`
	Result    ItemResult   `json:"result"`
	Message   string       `json:"message,omitempty"`
	Tracking  string       `json:"tracking_number,omitempty"`
	DefinedAt spec.Place   `json:"defined_at"`
}

// Result is how a run ended. Items holds everything but what was applied, was
// as wanted, or was left: those are counted.
type Result struct {
	Counts      map[ItemResult]int
	Items       []Item
	Left        []*plan.Change // with an action that was not reached; one can stand here twice
	Events      int            // that were emitted
	Done, Total int            // actions
	Calls       int            // writes that were sent
	Rereads     int            // calls that reread orders
	Throttled   int            // 429 answers
	Interrupted bool           // by the caller
	Canary      bool           // stopped as asked after the first changes
	GaveWay     bool           // ended with something left, because another run waits for the state
	// Unsettled are the calls of a run that gave way whose outcome is still to be found
	// out. The turn that goes on takes them up, and a change of theirs is among Left;
	// without another turn, End makes them unknown.
	Unsettled []Item
	Undone    int // actions that another turn takes up
	// Found is when this process found each open call under a lease: whoever made it
	// could not make it any more. It holds for the turns that come.
	Found map[state.IntentID]time.Time
	// Stopped says why the run ended before its end, other than by the
	// caller; empty if it didn't.
	Stopped string
	// Unrecorded lists calls whose outcome could not be written to disk: the
	// next run finds them out, but nothing else records them.
	Unrecorded []Item
}

// End ends a run that gave way and has no other turn.
func (r *Result) End() {
	r.Items = append(r.Items, r.Unsettled...)
	r.Counts[Unknown] += len(r.Unsettled)
	r.Unsettled = nil
}

// Complete reports whether every change of the plan had its turn.
func (r *Result) Complete() bool {
	return !r.Interrupted && r.Stopped == "" && !r.Canary && !r.GaveWay && r.Counts[NotReached] == 0
}

// DeadlineReached reports whether the run ended because its time was over.
func (r *Result) DeadlineReached() bool { return r.Stopped == deadlineReached }

// Clean reports whether all that was begun ended well.
func (r *Result) Clean() bool {
	return r.Counts[Skipped] == 0 && r.Counts[HeldBack] == 0 && r.Counts[NotReviewed] == 0 && r.Counts[Failed] == 0 && r.Counts[Unknown] == 0 && r.Stopped == ""
}
