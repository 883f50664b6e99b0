package state

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/order"
)

// Pull is a parcel that must not be handed over: its order is canceled. The row that
// named the parcel may be gone tomorrow, so the state remembers it.
type Pull struct {
	order.Parcel
	Since time.Time // when that was noticed
	Seen  time.Time // when it was noticed last
}

// PullFor is how long a parcel is remembered after it was last noticed: by then it has
// been pulled, or is on its way.
const PullFor = 7 * 24 * time.Hour

// Pull records that the parcel of an order must not be handed over. It is kept with the
// next Commit: what notices it notices it again, as long as the parcel is wanted. It
// reports whether the parcel was not remembered before.
func (x *Session) Pull(k Key, ref order.Ref, parcel order.Parcel, at time.Time) bool {
	x.gate.RLock()
	defer x.gate.RUnlock()
	return x.state.pull(k, ref, parcel, utc(at).Truncate(time.Second))
}

func (s *State) pull(k Key, ref order.Ref, parcel order.Parcel, at time.Time) (fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.copyOfLocked(k)
	if ref.SourceNumber != "" {
		e.Ref = ref
	}
	since, fresh := at, true
	if was := e.Pull; was != nil && carrier.SameNumber(was.Tracking, parcel.Tracking) {
		since, fresh = was.Since, false
	}
	e.Pull = &Pull{parcel, since, at}
	s.putLocked(e)
	return fresh
}

// pullSeen forgets the parcel of an order that a read shows as not canceled, or that
// nobody noticed for long.
func (e *Entry) pullSeen(o Observed) {
	canceled := o.Values.Status == order.Cancelled || o.SourceStatus == order.Cancelled
	if e.Pull != nil && (!canceled || o.At.Sub(e.Pull.Seen) > PullFor) {
		e.Pull = nil
	}
}
