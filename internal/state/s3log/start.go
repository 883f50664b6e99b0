package s3log

import (
	"context"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// started is what was found out about where to start, and when.
type started struct {
	n   int64
	at  time.Time
	err error
}

// justNow is how long that holds for who asks.
const justNow = time.Second

// startSoon finds out where to start while the first record is read: whoever begins to
// read asks that next, and it takes some requests, one after the other.
func (p *Place) startSoon(ctx context.Context) {
	found := make(chan started, 1)
	p.swapStart(found)
	go func() {
		n, err := p.start(ctx)
		found <- started{n, time.Now(), err}
	}()
}

// swapStart returns what is being found out, once.
func (p *Place) swapStart(next chan started) chan started {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.beginning
	p.beginning = next
	return was
}

// Start implements sharedlog.Place.
func (p *Place) Start(ctx context.Context) (int64, error) {
	if found := p.swapStart(nil); found != nil {
		select {
		case s := <-found:
			if s.err == nil && time.Since(s.at) < justNow {
				return s.n, nil
			}
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	return p.start(ctx)
}

// start is the newest snapshot now. A snapshot's mark is written before its record: so
// none is without one, and a mark whose record came too late is passed over.
func (p *Place) start(ctx context.Context) (int64, error) {
	markers, err := p.listAll(ctx, snapshotPrefix)
	if err != nil {
		return 0, err
	}
	floor, err := p.floor(ctx)
	if err != nil {
		return 0, err
	}
	for _, marker := range slices.Backward(markers) {
		at, ok := positionOfMarker(marker.name)
		if !ok || at.N < floor {
			continue
		}
		if ok, err := p.holds(ctx, at); err != nil {
			return 0, err
		} else if ok {
			return at.N, nil
		}
	}
	first, err := p.list(ctx, logPrefix, "", 1)
	if err == nil && len(first) == 0 {
		err = sharedlog.ErrNoLog
	}
	return 0, err
}
