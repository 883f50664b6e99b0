package godatafeed

import (
	"testing"
	"testing/synctest"
	"time"

	endpoints "github.com/gdfctl/gdfctl/internal/endpoint"
)

// A server whose bucket leaks by the second may do so at any point of ours:
// right after a burst nothing leaks for a whole second. That is what the places
// are for that stay free.
func TestFreePlacesCoverAServerThatLeaksBySeconds(t *testing.T) {
	for phase := time.Duration(0); phase < time.Second; phase += 50 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			server := &serverBucket{at: time.Now().Add(-phase), tick: time.Second, burst: endpoints.DefaultBurst, perSecond: endpoints.DefaultPerSecond}
			l := NewLimiter(LimiterOptions{})
			for range 3 * endpoints.DefaultBurst {
				if _, err := l.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				go func() { _, _ = server.RoundTrip(nil) }()
			}
			time.Sleep(time.Second) // for those under way
			if server.refused > 0 {
				t.Errorf("a second began %s ago: %d calls overflowed the bucket", phase, server.refused)
			}
		})
	}
}
