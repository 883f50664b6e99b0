package shared

import (
	"testing"
	"time"
)

// What is documented holds in every build but that of the acceptance tests.
func TestTimesAreAsPromised(t *testing.T) {
	for _, x := range []struct {
		what      string
		got, want time.Duration
	}{
		{"the lease", leaseTime, 3 * time.Minute},
		{"of it, what is certain with calls of a minute", leaseTime - defaultCall - margin, 110 * time.Second},
		{"the least that is certain", certainAtLeast, time.Minute},
		{"renewing", renewTime, 45 * time.Second},
		{"renewing without a sign of work", idleTime, 15 * time.Minute},
		{"settle", defaultSettle, 2 * time.Minute},
		{"giving way", wantedAfter, 2 * time.Minute},
		{"a window", windowSpan, 30 * time.Second},
		{"the pace of a git branch", hastenPace(10 * time.Second), 10 * time.Second},
		{"no pace", hastenPace(0), 0},
		{"a window that is not sent", windowPatience, 5 * time.Minute},
	} {
		if x.got != x.want {
			t.Errorf("%s: %s, want %s", x.what, x.got, x.want)
		}
	}
}
