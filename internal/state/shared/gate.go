package shared

// gate is a mutex that may be held while the network is waited for. In a bubble of
// testing/synctest, who waits for a gate counts as waiting for time to pass; who waits
// for a sync.Mutex does not, and time would stand still.
type gate chan struct{}

func newGate() gate { return make(gate, 1) }

func (g gate) Lock()   { g <- struct{}{} }
func (g gate) Unlock() { <-g }

func (g gate) TryLock() bool {
	select {
	case g <- struct{}{}:
		return true
	default:
		return false
	}
}
