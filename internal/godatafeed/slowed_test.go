package godatafeed

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// That a call was refused is known to every process of the machine, for as long
// as it makes them slower, and when it was stays on record.
func TestSlowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bucket.json")
	synctest.Test(t, func(t *testing.T) {
		one, other := NewLimiter(LimiterOptions{Path: path}), NewLimiter(LimiterOptions{Path: path})
		if share, at := other.Slowed(); share != 1 || !at.IsZero() {
			t.Errorf("before: %g at %s", share, at)
		}
		refused := time.Now()
		one.Penalise(0)
		time.Sleep(10 * time.Second)
		if share, at := other.Slowed(); share < 0.549 || share > 0.551 || !at.Equal(refused) {
			t.Errorf("after 10 s: %g at %s", share, at)
		}
		time.Sleep(90 * time.Second)
		if share, at := other.Slowed(); share != 1 || !at.Equal(refused) {
			t.Errorf("after 100 s: %g at %s", share, at)
		}
	})
	if share, at := (*Limiter)(nil).Slowed(); share != 1 || !at.IsZero() {
		t.Errorf("without a limiter: %g at %s", share, at)
	}
}
