package report

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Waits is how many orders of a standing order wait for the next run, and for which
// limit.
type Waits struct {
	Orders int
	Why    string
}

// waits counts the deferred orders that no day decides, by the limit that they are
// beyond.
func waits(deferred []plan.Deferred) []Waits {
	var all []Waits
	at := map[string]int{}
	for i := range deferred {
		d := &deferred[i]
		if !d.Until.IsZero() {
			continue
		}
		n, known := at[d.Message]
		if !known {
			n = len(all)
			at[d.Message] = n
			all = append(all, Waits{Why: d.Message})
		}
		all[n].Orders++
	}
	return all
}

// Text says how many orders wait, and why.
func (w Waits) Text() string {
	return words.Count(w.Orders, "order waits", "orders wait") + " for the next run: " + strings.TrimPrefix(w.Why, plan.WaitsForRun)
}

// ShipLater is how many deferred orders ship on a later day.
func (r *Plan) ShipLater() int {
	n := 0
	for _, day := range r.Days {
		n += day.Orders
	}
	return n
}

// WaitForRun is how many deferred orders wait for the next run.
func (r *Plan) WaitForRun() int {
	n := 0
	for _, w := range r.Waits {
		n += w.Orders
	}
	return n
}

// Stops sums up the blocks that send nothing, in words.
func (r *Plan) Stops() (title, sentence string) {
	standing := 0
	for i := range r.Stopped {
		if r.Stopped[i].Code == plan.StandingStopped {
			standing++
		}
	}
	batches := len(r.Stopped) - standing
	var parts []string
	if batches > 0 {
		parts, sentence = append(parts, words.Count(batches, "batch", "batches")), "Nothing of these is sent, since they are beyond a limit."
	}
	if standing > 0 {
		parts, sentence = append(parts, words.Count(standing, "standing order", "standing orders")), "Nothing of these is sent."
	}
	for i, part := range parts {
		if i > 0 {
			title += " and "
		}
		title += part
	}
	return title, sentence
}
