package doctor

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// call is one that lasted so long, answered at some moment of it by a clock
// that is so far ahead.
func call(sent time.Time, lasted, answered, ahead time.Duration) godatafeed.Call {
	return godatafeed.Call{Sent: sent, Duration: lasted, Date: sent.Add(answered).Add(ahead).Truncate(time.Second)}
}

func TestTheOffsetIsRightWhateverTheCallsTake(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ms := func(from, to int, what string) time.Duration {
			return time.Duration(rapid.IntRange(from, to).Draw(rt, what)) * time.Millisecond
		}
		ahead := ms(-4_000_000, 4_000_000, "ahead")
		sent, shortest := noon, time.Hour
		var samples []clockSample
		for range rapid.IntRange(1, 9).Draw(rt, "calls") {
			lasted := ms(0, 5000, "lasted")
			shortest = min(shortest, lasted)
			samples = append(samples, sampleOf(call(sent, lasted, time.Duration(rapid.Float64Range(0, 1).Draw(rt, "when")*float64(lasted)), ahead)))
			sent = sent.Add(lasted + ms(0, 3000, "pause"))
		}
		got, ok := offsetOf(samples)
		if !ok || !got.agree {
			rt.Fatalf("%+v, %v", got, ok)
		}
		if got.ahead == 0 && ahead.Abs() <= shortest+time.Second {
			return // the clocks may be the same
		}
		if off := (got.ahead - ahead).Abs(); off > (shortest+time.Second)/2+time.Second/2 {
			rt.Errorf("%s was found, and %s is true", got.ahead, ahead)
		}
	})
}

func TestOneWrongDateDoesNoHarm(t *testing.T) {
	var samples []clockSample
	for i, ahead := range []time.Duration{time.Minute, time.Minute, 90 * 24 * time.Hour, time.Minute} {
		samples = append(samples, sampleOf(call(noon.Add(time.Duration(i)*time.Second), 100*time.Millisecond, 0, ahead)))
	}
	if got, _ := offsetOf(samples); got.agree || (got.ahead-time.Minute).Abs() > time.Second {
		t.Errorf("%+v", got)
	}
	if _, ok := offsetOf(nil); ok {
		t.Error("something was learned of no answer")
	}
}

// The place where the state is kept says what time it is: two minutes are too much.
func TestClockOfPlace(t *testing.T) {
	sent := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		date   time.Duration // beyond when it was asked
		result Result
		found  string
	}{
		{0, OK, "in step with that of the state's place"},
		{90 * time.Second, OK, "this machine's clock is 1 min 30 s behind that of the state's place"},
		{4 * time.Minute, Warning, "this machine's clock is 4 min behind that of the state's place"},
		{-4 * time.Minute, Warning, "this machine's clock is 4 min 1 s ahead of that of the state's place"},
	} {
		f := ClockOfPlace(sent, sent.Add(2*time.Second), sent.Add(c.date))
		if f.Check != StateClock || f.Result != c.result || f.Found != c.found || (f.Remedy != "") != (c.result == Warning) {
			t.Errorf("%s: %+v", c.date, f)
		}
	}
}
