package godatafeed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
)

// Many machines share a bucket by a place that each of them has to ask over a network.
// So some calls are taken at once, and what is taken is sent soon or given back: a call
// that is sent later than it was counted comes closer to those behind it than the
// bucket allows.

const (
	// mostTaken is how many calls a process takes at once. A process that is killed loses
	// no more, and they leak like others.
	mostTaken = 5
	// smallReserve is how many places only runs of few calls may fill, so that they need
	// not wait for a batch of hours. Of a small bucket it is a part.
	smallReserve = 10
	smallPart    = 5
	// mostAhead is how many calls of all machines can wait for their room in the order in
	// which they came. Those beyond that ask again.
	mostAhead = 5
	aheadPart = 10

	idle    = time.Second      // after which calls that were taken and not made are given back
	crowded = 10 * time.Second // after which a queue that was full counts as short again

	placeTime    = 5 * time.Second // for one answer of the place
	placeRetry   = 250 * time.Millisecond
	placeMost    = 4 * time.Second
	placeFirst   = time.Second // for how long it may be away before anything here has used it
	placeOutlast = time.Minute // and after that
)

// UnlimitedError says that no call may be made, because it is not known how many others
// make. Nothing was sent.
type UnlimitedError struct{ *PlaceError }

func (e *UnlimitedError) Error() string {
	return "the call limit that machines share can't be kept: " + e.PlaceError.Error()
}

// sharing is what a limiter keeps of a bucket that machines share.
type sharing struct {
	usable  float64       // places of the bucket that calls may fill
	small   float64       // of these, the ones for small runs alone
	ahead   float64       // calls that may wait for their room
	hold    time.Duration // from taking a call to sending it
	account string
	jitter  func() float64

	mu      sync.Mutex // guards what follows
	place   Place      // nil: this machine is alone
	absent  *PlaceError
	large   bool
	want    int         // calls that are taken at once, if there is room
	held    held        // calls that were taken
	timer   *time.Timer // gives them back
	seen    Bucket      // as it was last seen
	rest    time.Time   // until when nothing is taken, so that others have a turn
	used    bool        // the place answered
	failing time.Time   // since when it can't be used; zero: it can
	tries   int         // since then
	unsaid  []time.Time // until when 429s that the place doesn't know of let nobody call
}

// held are calls that were taken and not made yet.
type held struct {
	calls int
	at    time.Time     // by the place's clock
	asked time.Time     // by this machine's, just before they were taken
	from  time.Time     // when the first may be made
	until time.Duration // after asked: then they are no good any more
}

// newSharing is how a limiter uses a place. The time between taking and sending costs so
// many free places as leak in it.
func newSharing(s Shape, o LimiterOptions) sharing {
	late := math.Min(math.Max(s.Size/10, s.Rate), s.Size/4)
	usable := math.Max(1, s.Size-reserve-late)
	ahead := math.Floor(math.Min(mostAhead, s.Size/aheadPart))
	return sharing{
		usable: usable, ahead: ahead, small: math.Min(smallReserve, s.Size/smallPart),
		hold: time.Duration(late / s.Rate * float64(time.Second)), account: o.Account, jitter: o.Jitter,
		place: o.Shared, want: 1, seen: Bucket{Share: 1},
	}
}

func (s *sharing) at() Place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.place
}

// Large says whether the run makes so many calls that it leaves the reserve to others.
func (l *Limiter) Large(large bool) {
	if l == nil {
		return
	}
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	l.shared.large = large
}

// Shared reports whether the level is that of many machines. If it is not, although a
// place was named, why says so.
func (l *Limiter) Shared() (shared bool, why *PlaceError) {
	if l == nil {
		return false, nil
	}
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	return l.shared.place != nil, l.shared.absent
}

// takeShared is take. A call that waits in the bucket for its room is made by whoever is
// next when it has it.
func (l *Limiter) takeShared(ctx context.Context, place Place) (pause time.Duration, err error) {
	s := &l.shared
	now := l.now()
	if pause, has := s.use(l, now); has {
		return pause, nil
	}
	if err := l.confess(ctx, place, now); err != nil {
		return l.placeFailed(ctx, err)
	}
	a := s.ask(l.shape, int(l.waiting.Load()))
	asked := l.now()
	bounded, cancel := context.WithTimeout(ctx, placeTime)
	defer cancel()
	taken, after, err := place.Take(bounded, a)
	if err != nil {
		return l.placeFailed(ctx, err)
	}
	pause = after.Pause(a, taken)
	now = l.now()
	s.mu.Lock()
	s.seen, s.used = after, true
	if taken == 0 {
		s.want, s.failing, s.tries = 1, time.Time{}, 0
		if !after.Until.After(after.At) {
			pause += s.turn(l.shape)
		}
		s.mu.Unlock()
		return pause, nil
	}
	s.held = held{calls: taken, at: after.At, asked: asked, from: now.Add(pause), until: pause + s.hold}
	late := s.held.old(now)
	if late {
		s.held, s.want = held{}, 1
	} else {
		s.failing, s.tries = time.Time{}, 0
		if s.want = min(2*s.want, mostTaken); pause > 0 {
			s.want = 1
		}
		if (pause > 0 || s.large) && after.At.Sub(after.Crowded) < crowded {
			s.rest = now.Add(pause + s.turn(l.shape))
		}
		l.giveBackLater(pause)
	}
	s.mu.Unlock()
	if late {
		return l.placeFailed(ctx, &PlaceError{Reason: fmt.Sprintf("it answers only after %s", now.Sub(asked).Round(time.Millisecond))})
	}
	if pause, has := s.use(l, now); has {
		return pause, nil
	}
	return time.Millisecond, nil // a 429 took them back meanwhile
}

// turn is how long to wait among more machines than can queue, at random: whoever is
// nearest to the place would else always be the first to ask again. On average, that is
// the time in which as many calls leak as can be taken at once.
func (s *sharing) turn(shape Shape) time.Duration {
	return time.Duration(s.jitter() * 2 * mostTaken / shape.Rate * float64(time.Second))
}

// ask is what is asked for.
func (s *sharing) ask(shape Shape, waiting int) Ask {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := Ask{
		Shape: shape, Usable: s.usable, Want: min(max(s.want, waiting), mostTaken),
		// After a 429 the room comes later, and nobody waits for it so long that another
		// 429 would not reach him.
		Ahead: math.Floor(s.ahead * s.seen.Share),
	}
	if s.large {
		a.Usable = math.Max(1, a.Usable-s.small-s.ahead)
	}
	return a
}

// use makes one of the calls that were taken, or says how long it has to wait. It has
// none if none was taken, or so long ago that it leaked.
func (s *sharing) use(l *Limiter, now time.Time) (pause time.Duration, has bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.held.calls == 0:
		return s.rest.Sub(now), s.rest.After(now)
	case s.held.old(now):
		s.held, s.want = held{}, 1
		return 0, false
	case s.held.from.After(now):
		return s.held.from.Sub(now), true
	}
	if s.held.calls--; s.held.calls > 0 {
		l.giveBackLater(0)
	}
	return 0, true
}

// old reports whether it is too late to make the calls. The one clock stands still while
// the machine sleeps, and the other one may be set.
func (h held) old(now time.Time) bool {
	return max(now.Sub(h.asked), now.Round(0).Sub(h.asked.Round(0))) > h.until
}

// placeFailed says what to do about a place that can't be used: how long to wait before
// it is asked again, or that nothing may be sent. Where it keeps no levels, this
// machine's own is used from now on.
func (l *Limiter) placeFailed(ctx context.Context, err error) (pause time.Duration, _ error) {
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	s := &l.shared
	failed, ok := errors.AsType[*PlaceError](err)
	if !ok {
		failed = &PlaceError{Reason: err.Error()}
	}
	now := l.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if failed.Absent {
		s.place, s.absent, s.rest = nil, failed, time.Time{}
		for _, until := range s.unsaid {
			_ = l.local.Refuse(ctx, l.shape, max(0, until.Sub(now))) // it has no errors
		}
		s.unsaid = nil
		return 0, nil
	}
	first := s.failing.IsZero()
	if first {
		s.failing = now
	}
	left := placeFirst - now.Sub(s.failing)
	if s.used || failed.Known {
		left += placeOutlast - placeFirst
	}
	if failed.Final || left <= 0 {
		return 0, &UnlimitedError{failed}
	}
	if tell, _ := ctx.Value(waitKey{}).(func(Wait)); tell != nil && first {
		tell(Wait{Account: s.account, Limit: failed.Reason, For: left})
	}
	s.tries++
	return min(placeRetry<<min(s.tries-1, 10), placeMost, left), nil
}

// refuseShared tells everybody of a 429. What was taken is not in the bucket any more. If
// the place can't be told now, it is before anything else is asked of it.
func (l *Limiter) refuseShared(place Place, retryAfter time.Duration) {
	l.shared.mu.Lock()
	l.shared.held, l.shared.want = held{}, 1
	l.shared.unsaid = append(l.shared.unsaid, l.now().Add(retryAfter))
	l.shared.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), placeTime)
	defer cancel()
	if err := l.confess(ctx, place, l.now()); err != nil {
		_, _ = l.placeFailed(ctx, err) // the next call finds out, too
	}
}

// confess tells the place of 429s that it doesn't know of.
func (l *Limiter) confess(ctx context.Context, place Place, now time.Time) error {
	s := &l.shared
	s.mu.Lock()
	unsaid := s.unsaid
	s.unsaid = nil
	s.mu.Unlock()
	for i, until := range unsaid {
		if err := place.Refuse(ctx, l.shape, max(0, until.Sub(now))); err != nil {
			s.mu.Lock()
			s.unsaid = append(unsaid[i:], s.unsaid...)
			s.mu.Unlock()
			return err
		}
	}
	return nil
}

func (l *Limiter) lookShared(place Place) Bucket {
	ctx, cancel := context.WithTimeout(context.Background(), placeTime)
	defer cancel()
	b, err := place.Look(ctx, l.shape)
	s := &l.shared
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.seen = b
	}
	return s.seen
}

// giveBackLater gives back what will still be held after a while. The caller holds the
// lock.
func (l *Limiter) giveBackLater(pause time.Duration) {
	if l.shared.timer == nil {
		l.shared.timer = time.AfterFunc(pause+idle, func() {
			if l.waiting.Load() == 0 {
				l.giveBack()
			}
		})
		return
	}
	l.shared.timer.Reset(pause + idle)
}

// giveBack gives back the calls that were taken and not made. If the place doesn't
// hear of it, they leak away.
func (l *Limiter) giveBack() {
	s := &l.shared
	s.mu.Lock()
	h, place := s.held, s.place
	s.held, s.want = held{}, 1
	s.mu.Unlock()
	if h.calls == 0 || place == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), placeTime)
	defer cancel()
	_ = place.Return(ctx, l.shape, h.at, h.calls)
}

// Close gives back what was taken and not made. The limiter can be used again.
func (l *Limiter) Close() {
	if l == nil {
		return
	}
	l.shared.mu.Lock()
	if l.shared.timer != nil {
		l.shared.timer.Stop()
	}
	l.shared.mu.Unlock()
	l.giveBack()
}
