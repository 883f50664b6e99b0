package uptake

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Word is what is known of a change that the API accepted.
type Word string

// The words, in those of reports and JSON.
const (
	Pending      Word = "pending"        // no read shows it for good, and the marketplace may still need time
	NotTaken     Word = "not_taken"      // not shown, although the marketplace had its time
	Shown        Word = "shown"          // GoDataFeed shows it; the marketplace's own word does not say so
	Verified     Word = "verified"       // shown, and the marketplace's own word says so where it has one for the change
	RefusedLater Word = "refused_later"  // the marketplace reported an error that was not there before
	Drifted      Word = "drifted"        // the order has other values now, by other hands
	Twice        Word = "inserted_twice" // an order that was inserted once is there more than once
)

// Words lists them, those that need a person first.
var Words = []Word{Twice, RefusedLater, Drifted, NotTaken, Pending, Shown, Verified}

// NeedsPerson reports whether waiting alone will not do.
func (w Word) NeedsPerson() bool {
	return w == Twice || w == RefusedLater || w == Drifted || w == NotTaken
}

// Witness is who says that a change took effect.
type Witness string

// The witnesses, in the words of JSON.
const (
	Marketplace Witness = "marketplace"
	GoDataFeed  Witness = "godatafeed"
)

// Confirms says whether a marketplace's own word follows changes.
type Confirms string

// The zero value: nobody knows yet.
const (
	NotKnown      Confirms = ""
	DoesConfirm   Confirms = "yes"
	DoesntConfirm Confirms = "no"
)

// FinalAfter is how long after a change a read must have begun to be the last
// word about it: marketplaces refuse a cycle or more after they got the change.
const FinalAfter = 24 * time.Hour

// cycle is how often marketplaces and GoDataFeed exchange orders at most. To
// read more often shows nothing new.
const cycle = 15 * time.Minute

// Change is a change that the API accepted.
type Change struct {
	Action        order.Action
	Before, After order.Values
	At            time.Time // when it was known to be accepted

	// Earlier are values that the order had before, where no read showed the change
	// for good yet: a read that shows them lags.
	Earlier []order.Values

	// ShownBefore says that a read showed the change for good: none since then lags.
	ShownBefore bool

	// ErrorBefore is the hash of the marketplace's error before the change, and
	// ErrorFirst that before the first of the changes that were never shown for good.
	// Between the two, the marketplace refused one of them.
	ErrorBefore, ErrorFirst string
}

// Sight is what the latest read showed.
type Sight struct {
	Values order.Values
	Source order.Status // the marketplace's own word; empty where it gives none
	Error  string       // the hash of the marketplace's error; empty: there was none
	Twice  bool         // several orders have the number of one that was inserted
	At     time.Time    // when the read began; zero: there was none
}

// Settings are how a marketplace behaves, as far as people or earlier changes say.
type Settings struct {
	TakeTime time.Duration // how long it may take to show a change
	Confirms Confirms
}

// Result is what is known of a change.
type Result struct {
	Word  Word
	By    Witness   // set where the change is shown or verified
	Done  bool      // nothing is waited for; an error may still come, until it is final
	Final bool      // no later read can say anything else
	Next  time.Time // when a read can say more; zero: only a person can
}

// Judge says what is known of a change.
func Judge(c Change, s Sight, with Settings, now time.Time) Result {
	taken := c.At.Add(with.TakeTime)
	if s.Twice {
		return Result{Word: Twice}
	}
	if !s.At.After(c.At) {
		return Result{Word: Pending, Next: later(now, earlier(later(taken, c.At.Add(time.Second)), c.At.Add(cycle)))}
	}
	live := order.Live{Values: s.Values, SourceStatus: s.Source}
	waited, late := !s.At.Before(taken), s.At.After(taken)
	switch shows := c.holds(live); {
	case c.refused(s.Error, waited):
		return Result{Word: RefusedLater}
	case !shows && c.drifted(live):
		return Result{Word: Drifted}
	case !shows && late:
		return Result{Word: NotTaken}
	case !waited && !(shows && c.Action == order.Insert): // an order that is there was inserted
		return Result{Word: Pending, Next: earlier(taken, s.At.Add(cycle))}
	case !shows:
		return Result{Word: Pending, Next: s.At.Add(cycle)}
	}
	v := Result{Word: Shown, By: GoDataFeed}
	final := c.At.Add(FinalAfter)
	seenLast := !s.At.Before(final)
	switch {
	case c.confirmed(s.Source):
		v.Word, v.By = Verified, Marketplace
	case noWord(c.Action):
		v.Word = Verified
	case with.Awaits(c.Action, s.Source) == GoDataFeed:
	default: // its own word can still follow
		v.Next = s.At.Add(cycle)
		return v
	}
	v.Done, v.Final = true, seenLast
	if !seenLast {
		v.Next = final
	}
	return v
}

// Awaits is who has to show a change until nothing is waited for any more. source is
// the marketplace's own word.
func (s Settings) Awaits(action order.Action, source order.Status) Witness {
	switch {
	case noWord(action), s.Confirms == DoesntConfirm, s.Confirms == NotKnown && source == "":
		return GoDataFeed
	}
	return Marketplace
}

// noWord reports whether marketplaces have no word for an action.
func noWord(action order.Action) bool { return action == order.Acknowledge || action == order.Insert }

// holds reports whether a live order shows the change, or has moved on from it.
func (c Change) holds(live order.Live) bool {
	if c.Action == order.Acknowledge {
		// Whatever happens to the order later, nobody acknowledges it again.
		return live.OrderNumber == c.After.OrderNumber && (live.Status != order.New || live.IsCancelled())
	}
	// Spreadsheets and marketplaces drop leading zeros: nobody sends for that again.
	return ShowsChange(c.Action, c.Before, c.After, live) ||
		c.Action != order.Cancel && live.Status == order.Shipped && carrier.DifferInLeadingZeros(live.Tracking, c.After.Tracking) && !c.mayLag(live)
}

// refused reports whether the marketplace's error is about the change. One that an
// earlier change met, and that this one was to mend, stands until the marketplace
// had its time.
func (c Change) refused(present string, waited bool) bool {
	return present != "" && present != c.ErrorFirst && (present != c.ErrorBefore || waited)
}

// drifted reports whether an order that does not show the change shows what no
// read that lags can show.
func (c Change) drifted(live order.Live) bool {
	switch {
	case c.Action == order.Acknowledge:
		return live.OrderNumber != "" && live.OrderNumber != c.After.OrderNumber
	case c.Action == order.Cancel || live.Status.Open() && !live.IsCancelled():
		return false // no order becomes open again: such a read lags
	case live.IsCancelled():
		return true
	}
	return live.Status == order.Shipped && live.Tracking != "" && !carrier.SameNumber(live.Tracking, c.After.Tracking) && !c.mayLag(live)
}

// mayLag reports whether a shipped order has a number that it had before the change, so
// that the read may be older than the change.
func (c Change) mayLag(live order.Live) bool {
	had := func(v order.Values) bool { return carrier.SameNumber(v.Tracking, live.Tracking) }
	return !c.ShownBefore && (had(c.Before) || slices.ContainsFunc(c.Earlier, had))
}

// confirmed reports whether the marketplace's own word says what was changed.
func (c Change) confirmed(source order.Status) bool {
	switch c.Action {
	case order.Acknowledge:
		return source == order.Processing || source == order.Shipped
	case order.Cancel:
		return source == order.Cancelled
	}
	return source == order.Shipped
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
