package watch

import (
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
)

// medianOf is how many earlier compilations a median is made of.
const medianOf = 7

// observation is what the look showed, as the history keeps it.
func (s *seen) observation(at time.Time) memory.FeedObservation {
	f := s.feed
	o := memory.FeedObservation{
		SeenAt: at, Status: f.Status, CompiledAt: f.LastCompiled, SubmittedAt: f.LastSubmitted, PulledAt: f.LastPulled,
		Counts: f.Counts, Score: f.Score,
	}
	if s.content != nil {
		o.HeaderHash = s.content.HeaderHash
	}
	return o
}

// earlier are the compilations that were seen before the present one, the
// oldest first, each once. Where only the present one was seen, at an earlier
// look, it is that: nothing changed since. A first look has none.
func (s *seen) earlier(at time.Time) []memory.FeedObservation {
	if s.past == nil {
		return nil
	}
	var all []memory.FeedObservation
	for _, o := range s.past.Observations {
		if n := len(all); n > 0 && all[n-1].Same(o) {
			if o.HeaderHash == "" {
				o.HeaderHash = all[n-1].HeaderHash
			}
			all[n-1] = o
			continue
		}
		all = append(all, o)
	}
	if n := len(all); n > 1 && all[n-1].Same(s.observation(at)) {
		return all[:n-1]
	}
	return all
}

// notCompletedSince is when the feed was first seen in a status that is not
// Completed, in which every look has seen it since.
func (s *seen) notCompletedSince() (since time.Time, ok bool) {
	if s.past == nil {
		return since, false
	}
	for _, o := range slices.Backward(s.past.Observations) {
		if completed(o.Status) || o.Status == "" {
			break
		}
		since, ok = o.SeenAt, true
	}
	return since, ok
}

func completed(status string) bool { return strings.EqualFold(status, "Completed") }

// medianTotal is the median of the items of the latest earlier compilations
// that have counts, and of how many it was made.
func medianTotal(earlier []memory.FeedObservation) (median float64, of int) {
	var totals []int
	for _, o := range slices.Backward(earlier) {
		if o.Counts != nil && len(totals) < medianOf {
			totals = append(totals, o.Counts.Total)
		}
	}
	if len(totals) == 0 {
		return 0, 0
	}
	slices.Sort(totals)
	mid := len(totals) / 2
	if len(totals)%2 == 1 {
		return float64(totals[mid]), len(totals)
	}
	return (float64(totals[mid-1]) + float64(totals[mid])) / 2, len(totals)
}
