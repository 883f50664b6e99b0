package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
)

// MaxCalls is how many calls an examination makes at most, repeated ones
// included.
const MaxCalls = 12

// maxRefused is how many calls may be refused for the call limit: who is
// refused should not insist.
const maxRefused = 2

// patience is how long an examination may take, waiting for the call limit and
// for a server that does not answer included.
const patience = 90 * time.Second

// The statuses that mean something else than a failure.
const (
	unauthorized    = 401
	forbidden       = 403
	tooManyRequests = 429
)

var (
	errNoCallsLeft = fmt.Errorf("the %d calls that doctor makes at most were used up", MaxCalls)
	errRefused     = errors.New("the API refused calls for its call limit")
	errTooSlow     = fmt.Errorf("it took longer than %s in all", patience)
)

// meter watches the calls of one examination, which makes them one at a time,
// and ends it when they are used up.
type meter struct {
	end context.CancelCauseFunc

	calls    int
	answered int
	refused  int // by 429
	clock    []clockSample
}

func (m *meter) observe(c godatafeed.Call) {
	m.calls++
	if c.Status != 0 {
		m.answered++
	}
	if !c.Date.IsZero() {
		m.clock = append(m.clock, sampleOf(c))
	}
	if c.Status == tooManyRequests {
		m.refused++
	}
	switch {
	case m.refused >= maxRefused:
		m.end(errRefused)
	case m.calls >= MaxCalls:
		m.end(errNoCallsLeft)
	}
}

// offset is what the calls so far tell of the API's clock.
func (m *meter) offset() (clockOffset, bool) {
	return offsetOf(m.clock)
}
