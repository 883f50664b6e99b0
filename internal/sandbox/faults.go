package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The kinds of faults. A write behind one of them takes effect or not as said
// here; where it says "Effect", Fault.Effect decides and the default is not.
const (
	FaultStatus       Kind = "status"        // an error status (default 500) with a JSON body; Effect
	FaultHTML         Kind = "html"          // an HTML page, with status 200 or another; Effect
	FaultCutBefore    Kind = "cut_before"    // the connection is cut, the write never takes effect
	FaultCutAfter     Kind = "cut_after"     // the connection is cut, the write takes effect
	FaultHang         Kind = "hang"          // no answer until the client gives up, or Delay has passed and the connection is cut; Effect
	FaultHalfBody     Kind = "half_body"     // the connection is cut in the middle of the right answer
	FaultSlowBody     Kind = "slow_body"     // the right answer, its body dripping for Delay (default 5 s)
	FaultSuccessFalse Kind = "success_false" // Success: false with status 200; Effect
	FaultRedirect     Kind = "redirect"      // a redirect (default 302) to where a GET answers 200; Effect
	FaultEmpty        Kind = "empty"         // no body, with status 200 or another; Effect
	FaultDelay        Kind = "delay"         // the right answer after Delay
)

// Fault makes calls fail on purpose. With neither Nth nor Probability it
// strikes every call of its operation. Calls that the bucket refused and calls
// that fit no operation are not counted and not struck.
type Fault struct {
	Op          Op // or OpAny
	Kind        Kind
	Nth         int           // strikes from the Nth call on, counted from when the fault was added; once, unless Times says otherwise
	Probability float64       // strikes this share of the calls, by the seed
	Times       int           // strikes at most this often; 0 means no limit
	Status      int           // of the answer; 0 is the kind's default
	RetryAfter  string        // the answer's Retry-After, sent as it is
	Delay       time.Duration // waits before the answer; see the kinds
	Effect      bool          // the write takes effect although the answer says otherwise
}

// statusKinds have a status and its default.
var statusKinds = map[Kind]int{
	FaultStatus: 500, FaultHTML: 200, FaultSuccessFalse: 200, FaultRedirect: 302, FaultEmpty: 200,
}

// effectKinds are the kinds whose Effect may be set.
var effectKinds = []Kind{FaultStatus, FaultHTML, FaultHang, FaultSuccessFalse, FaultRedirect, FaultEmpty}

var allKinds = []Kind{
	FaultStatus, FaultHTML, FaultCutBefore, FaultCutAfter, FaultHang, FaultHalfBody, FaultSlowBody,
	FaultSuccessFalse, FaultRedirect, FaultEmpty, FaultDelay,
}

// takesEffect reports whether the call behind the fault is executed.
func (f *Fault) takesEffect() bool {
	switch f.Kind {
	case FaultCutAfter, FaultHalfBody, FaultSlowBody, FaultDelay:
		return true
	}
	return f.Effect
}

// validate explains what is wrong with a fault.
func (f *Fault) validate() error {
	byDefault, hasStatus := statusKinds[f.Kind]
	switch {
	case f.Op != OpAny && !slices.Contains(Ops(), f.Op):
		return fmt.Errorf("unknown operation %q: want any or one of %s", f.Op, join(Ops()))
	case !slices.Contains(allKinds, f.Kind):
		return fmt.Errorf("unknown kind %q: want one of %s", f.Kind, join(allKinds))
	case f.Nth < 0:
		return fmt.Errorf("nth is %d: want 1 or more", f.Nth)
	case f.Times < 0:
		return fmt.Errorf("times is %d: want 1 or more", f.Times)
	case !(f.Probability >= 0 && f.Probability <= 1): // NaN too
		return fmt.Errorf("p is %v: want a share from 0 to 1", f.Probability)
	case f.Nth > 0 && f.Probability > 0:
		return fmt.Errorf("nth and p exclude each other")
	case f.Delay < 0:
		return fmt.Errorf("delay is %s: want 0 or more", f.Delay)
	case f.Effect && !slices.Contains(effectKinds, f.Kind):
		return fmt.Errorf("%s takes no effect: whether the write is executed is what the kind says", f.Kind)
	case f.Status != 0 && !hasStatus:
		return fmt.Errorf("%s takes no status", f.Kind)
	case f.Kind == FaultRedirect && f.Status != 0 && f.Status/100 != 3:
		return fmt.Errorf("status %d is not a redirect: want 300 to 399", f.Status)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d: want 200 to 599", f.Status)
	case strings.ContainsFunc(f.RetryAfter, func(r rune) bool { return r < 0x20 || r > 0x7e }):
		return fmt.Errorf("retry_after %q: want plain text", f.RetryAfter)
	}
	if f.Status == 0 && hasStatus {
		f.Status = byDefault
	}
	return nil
}

func join[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// faultSet holds the faults that were added, each with a random sequence of
// its own, so that adding one changes nothing about the others.
type faultSet struct {
	seed  uint64
	added uint64
	live  []*liveFault
}

type liveFault struct {
	Fault
	rng  *rand.Rand
	seen int // calls of its operation
	hits int // calls it struck
}

func (s *faultSet) add(f Fault) error {
	if err := f.validate(); err != nil {
		return fmt.Errorf("fault %s: %w", f, err)
	}
	s.added++
	s.live = append(s.live, &liveFault{Fault: f, rng: generator{s.seed}.rng(streamFaults, s.added)})
	return nil
}

// pick returns the fault that strikes a call, or nil. Of several that would,
// the first to be added does; the others have seen the call all the same.
func (s *faultSet) pick(op Op) *Fault {
	var struck *liveFault
	for _, f := range s.live {
		if (f.Op == op || f.Op == OpAny) && f.strikes() && struck == nil {
			struck = f
		}
	}
	if struck == nil {
		return nil
	}
	struck.hits++
	return new(struck.Fault)
}

// strikes counts a call and says whether the fault is due.
func (f *liveFault) strikes() bool {
	f.seen++
	due := f.Probability == 0 || f.rng.Float64() < f.Probability
	return due && f.seen >= f.Nth && !f.spent()
}

func (f *liveFault) spent() bool {
	times := f.Times
	if times == 0 && f.Nth > 0 {
		times = 1
	}
	return times > 0 && f.hits >= times
}
