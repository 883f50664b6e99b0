//go:build !race

package acceptance

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// market lets new orders of one source come in, and knows when each did.
type market struct {
	t      *testing.T
	source string
	api    *apiserver.Server

	mu      sync.Mutex // guards what is below
	arrived map[string]time.Time
}

func newMarket(t *testing.T, api *apiserver.Server, source string) *market {
	t.Helper()
	machine()
	return &market{t: t, source: source, api: api, arrived: map[string]time.Time{}}
}

// sells lets n new orders come in.
func (m *market) sells(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		k := len(m.arrived)
		o := apiserver.Generate(uint64(k), 1, apiserver.New)[0]
		o.Source, o.SourceNumber = m.source, fmt.Sprintf("%s-%07d", m.source, k)
		o.ID = fmt.Sprintf("%s%026d", m.source, k)
		o.Created = time.Now().UTC().Add(-20 * time.Minute).Truncate(time.Second)
		m.api.Arrive(o)
		m.arrived[o.ID] = time.Now()
	}
}

// sellsFor lets an order come in after each pause, until stop is called.
func (m *market) sellsEach(pause time.Duration) (stop func()) {
	quit := make(chan struct{})
	var selling sync.WaitGroup
	selling.Go(func() {
		tick := time.NewTicker(pause)
		defer tick.Stop()
		for {
			m.sells(1)
			select {
			case <-quit:
				return
			case <-tick.C:
			}
		}
	})
	return sync.OnceFunc(func() {
		close(quit)
		selling.Wait()
	})
}

// sold is how many orders came in.
func (m *market) sold() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.arrived)
}

// taken is how many of the orders that came in were acknowledged.
func (m *market) taken() (n int) {
	executed := m.api.Executed()
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.arrived {
		if len(executed[id]) > 0 {
			n++
		}
	}
	return n
}

// tookWithin fails the test unless each order was acknowledged once, and within what
// is allowed for it from when it came in. It returns how long the longest took.
func (m *market) tookWithin(allowed func(from, to time.Time) time.Duration) (longest time.Duration) {
	m.t.Helper()
	executed := m.api.Executed()
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, at := range m.arrived {
		writes := executed[id]
		if len(writes) != 1 || writes[0].Op != apiserver.Acknowledge {
			m.t.Errorf("order %s, which came in at %s: %v took effect", id, at.Format(time.TimeOnly), opsOf(writes))
			continue
		}
		took := writes[0].At.Sub(at)
		if most, stalled := allowed(at, writes[0].At), machine().between(at, writes[0].At); took > most+stalled {
			m.t.Errorf("order %s, which came in at %s, was acknowledged after %s, and %s are allowed, with %s for the machine", id, at.Format("15:04:05.0"), took, most, stalled)
		}
		longest = max(longest, took)
	}
	return longest
}

// alike is the same for each order.
func alike(d time.Duration) func(from, to time.Time) time.Duration {
	return func(time.Time, time.Time) time.Duration { return d }
}

// acknowledgesNew is a standing order about a source, and a schedule for it.
func acknowledgesNew(source, every string) string {
	return fmt.Sprintf(`
standing "new-%[1]s" {
  live         = { source = %[1]q, status = "new", older_than = "10m" }
  status       = "acknowledged"
  order_number = live.source_order_number
  max_per_run  = 200
}
schedule "acknowledge-%[1]s" {
  every  = %[2]q
  run    = "apply"
  target = ["standing.new-%[1]s"]
  limits {
    max_changes = 200
  }
}
`, source, every)
}
