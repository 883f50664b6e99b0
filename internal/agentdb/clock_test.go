package agentdb

import (
	"math"
	"testing"
	"time"
)

// Whatever somebody wrote into a row, its times can be shown.
func TestTimesOfRowsCanBeShown(t *testing.T) {
	for _, ms := range []int64{0, 1, math.MinInt64, math.MaxInt64, 1795800580000} {
		var at time.Time
		if err := (moment{&at}).Scan(ms); err != nil {
			t.Fatal(err)
		}
		if _, err := at.MarshalJSON(); err != nil || at.IsZero() != (ms == 0) {
			t.Errorf("%d is %s: %v", ms, at, err)
		}
	}
}
