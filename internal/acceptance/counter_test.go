package acceptance

import "sync"

// counter counts by name, for many callers.
type counter struct {
	mu sync.Mutex
	n  map[string]int
}

func newCounter() *counter { return &counter{n: map[string]int{}} }

// next counts one more, and returns how many there are.
func (c *counter) next(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[name]++
	return c.n[name]
}
