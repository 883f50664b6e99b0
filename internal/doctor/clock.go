package doctor

import (
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/words"
)

// maxOffset is how far apart two clocks may be before it spoils something.
const maxOffset = 2 * time.Minute

// clockSample is what one answer says: the API's clock is ahead of this
// machine's by something between the two. An answer is made at some moment
// between its call's beginning and end, and its Date is cut to whole seconds.
type clockSample struct{ least, most time.Duration }

func sampleOf(c godatafeed.Call) clockSample {
	return clockSample{
		least: c.Date.Sub(c.Sent.Add(c.Duration)),
		most:  c.Date.Add(time.Second).Sub(c.Sent),
	}
}

func (s clockSample) middle() time.Duration { return s.least + (s.most-s.least)/2 }

// clockOffset is how far the API's clock is ahead of this machine's.
type clockOffset struct {
	ahead time.Duration // in whole seconds; 0 if the clocks may be the same
	agree bool          // all answers can be true
}

// offsetOf is what all samples have in common. Where they contradict each
// other, as when several servers answer whose clocks differ, it is the middle
// one of them, so that a single wrong Date does no harm.
func offsetOf(samples []clockSample) (clockOffset, bool) {
	if len(samples) == 0 {
		return clockOffset{}, false
	}
	common := samples[0]
	for _, s := range samples[1:] {
		common.least, common.most = max(common.least, s.least), min(common.most, s.most)
	}
	agree := common.least <= common.most
	if !agree {
		sorted := slices.Clone(samples)
		slices.SortFunc(sorted, func(a, b clockSample) int { return int(a.middle() - b.middle()) })
		common = sorted[len(sorted)/2]
	}
	if common.least <= 0 && common.most >= 0 {
		return clockOffset{agree: agree}, true
	}
	return clockOffset{common.middle().Round(time.Second), agree}, true
}

// clock tells what the answers said of the API's clock.
func (e *examination) clock() {
	if e.meter.answered == 0 {
		return
	}
	offset, known := e.meter.offset()
	if !known {
		e.add(Clock, NotKnown, "the API's answers bear no date", "")
		return
	}
	e.facts.clock = &offset.ahead
	found := apart(offset.ahead, "the API's")
	if !offset.agree {
		found += ", whose servers' clocks differ among themselves"
	}
	if offset.ahead.Abs() <= maxOffset {
		e.add(Clock, OK, found, "")
		return
	}
	e.add(Clock, Warning, found, "Set this machine's clock, by NTP for example: ship dates that are chosen when a change is sent, the waiting time of calls without an answer, "+
		"and the audit log depend on it. Then run doctor again: until then, plans allow for the difference")
}

// apart says where this machine's clock is, seen from another one.
func apart(ahead time.Duration, other string) string {
	switch {
	case ahead > 0:
		return "this machine's clock is " + words.Duration(ahead) + " behind " + other
	case ahead < 0:
		return "this machine's clock is " + words.Duration(-ahead) + " ahead of " + other
	}
	return "in step with " + other
}

// ClockOfPlace compares this machine's clock with that of the place where the state is
// kept, which said what time it is between two moments here.
func ClockOfPlace(sent, answered, date time.Time) Finding {
	offset, _ := offsetOf([]clockSample{{least: date.Sub(answered), most: date.Add(time.Second).Sub(sent)}})
	f := Finding{Check: StateClock, Result: OK, Found: apart(offset.ahead, "that of the state's place")}
	if offset.ahead.Abs() > maxOffset {
		f.Result = Warning
		f.Remedy = "Set this machine's clock, by NTP for example. Leases don't depend on it, but the age of records, of published plans and of reviews does, " +
			"and S3 refuses requests from a clock that is off by a quarter of an hour"
	}
	return f
}
