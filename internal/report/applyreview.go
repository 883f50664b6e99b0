package report

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Parcel is one that must not be handed over, of a change that was held back or whose
// outcome is unknown.
type Parcel struct {
	*apply.Item
	Number string
	Why    string
}

// Parcels are those that must be pulled, whatever the outcome of the call: somebody
// has to run.
func (r *Apply) Parcels() []Parcel {
	var parcels []Parcel
	for i := range r.Items {
		if why, number, pull := ParcelOf(r.Items[i].Message); pull {
			parcels = append(parcels, Parcel{&r.Items[i], number, why})
		}
	}
	return parcels
}

// Ended are changes that ended in one way.
type Ended struct {
	Result apply.ItemResult
	Title  string // in a word or two
	Advice string // what that means, and what to do
	Items  []*apply.Item
}

// Severe reports whether somebody has to look at them before the next apply.
func (e *Ended) Severe() bool { return e.Result == apply.Unknown || e.Result == apply.Failed }

// EndedBadly are the changes that did not end well, the worst first. Those whose
// parcel must be pulled are left out.
func (r *Apply) EndedBadly() []Ended {
	var groups []Ended
	for _, result := range []apply.ItemResult{apply.Unknown, apply.Failed, apply.HeldBack, apply.NotReviewed, apply.Skipped} {
		title, _, _ := strings.Cut(ResultTitle(result), ":")
		group := Ended{Result: result, Title: title, Advice: ResultAdvice(result)}
		for i := range r.Items {
			if _, _, pull := ParcelOf(r.Items[i].Message); r.Items[i].Result == result && !pull {
				group.Items = append(group.Items, &r.Items[i])
			}
		}
		if len(group.Items) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// What people do about calls that are in no audit log, or may have been made twice.
const (
	UnrecordedAdvice = "Their outcome could not be written to disk. The next apply finds it out."
	DoublesAdvice    = "Another run may have made these calls too. Look at the orders in GoDataFeed."
)

// Ended says in a word or two how the apply ended.
func (r *Apply) Ended() string {
	how, _, _ := strings.Cut(r.Outcome, ":")
	return how
}

// Figures are how many changes ended in each way.
func (r *Apply) Figures() []Figure {
	var out []Figure
	for _, v := range results {
		if n := r.Counts[v.result]; n > 0 {
			out = append(out, Figure{n, v.words, Kind(ResultWord(v.result))})
		}
	}
	for _, f := range []Figure{{r.HeldByPlan, string(KindHeldByPlan), KindHeldByPlan}, {r.DeferredByPlan, "deferred by the plan", KindDeferred}} {
		if f.Number > 0 {
			out = append(out, f)
		}
	}
	return out
}

// Sent counts the calls of an apply.
func (r *Apply) Sent() string {
	text := words.Count(r.Calls, "call", "calls") + " sent, " + words.Count(r.Rereads, "reread", "rereads")
	if r.Throttled > 0 {
		text += ", " + words.Count(r.Throttled, "answer", "answers") + " asked to slow down"
	}
	return text + "."
}

// ResultWord is a result as people read it.
func ResultWord(result apply.ItemResult) string {
	return strings.ReplaceAll(string(result), "_", " ")
}
