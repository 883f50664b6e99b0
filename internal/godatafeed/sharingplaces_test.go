package godatafeed

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// farPlace is a place behind a network: it answers after a while, loses what it is asked
// or what it answers, and is down at times.
type farPlace struct {
	Place
	mu       sync.Mutex
	rand     *rand.Rand
	most     time.Duration // that a way takes
	loses    float64       // of what is asked or answered
	down     error
	takes    int
	returned int
}

func (p *farPlace) way(ctx context.Context) error {
	p.mu.Lock()
	d := time.Duration(0)
	if p.most > 0 {
		d = time.Duration(p.rand.Int64N(int64(p.most)))
	}
	err := p.down
	if p.rand != nil && p.rand.Float64() < p.loses {
		err = &PlaceError{Reason: "the connection failed"}
	}
	p.mu.Unlock()
	if e := sleep(ctx, d); e != nil {
		return &PlaceError{Reason: e.Error()}
	}
	return err
}

func (p *farPlace) Take(ctx context.Context, a Ask) (int, Bucket, error) {
	if err := p.way(ctx); err != nil {
		return 0, Bucket{}, err
	}
	p.mu.Lock()
	p.takes++
	p.mu.Unlock()
	n, b, _ := p.Place.Take(ctx, a)
	if err := p.way(ctx); err != nil {
		return 0, Bucket{}, err
	}
	return n, b, nil
}

func (p *farPlace) Return(ctx context.Context, s Shape, taken time.Time, unused int) error {
	if err := p.way(ctx); err != nil {
		return err
	}
	p.mu.Lock()
	p.returned += unused
	p.mu.Unlock()
	return p.Place.Return(ctx, s, taken, unused)
}

func (p *farPlace) Refuse(ctx context.Context, s Shape, retryAfter time.Duration) error {
	if err := p.way(ctx); err != nil {
		return err
	}
	return p.Place.Refuse(ctx, s, retryAfter)
}

func (p *farPlace) set(down error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// lateAnswers is a place whose answers take their time.
type lateAnswers struct {
	Place
	late time.Duration
}

func (p lateAnswers) Take(ctx context.Context, a Ask) (int, Bucket, error) {
	n, b, err := p.Place.Take(ctx, a)
	return n, b, errors.Join(err, sleep(ctx, p.late))
}

// fixedPlace is a place whose ways take the same time. It makes its bucket at first use,
// by the time of the test.
type fixedPlace struct {
	way  time.Duration
	once *sync.Once
	Place
}

func newFixedPlace(way time.Duration) *fixedPlace { return &fixedPlace{way: way, once: &sync.Once{}} }

func (p *fixedPlace) Take(ctx context.Context, a Ask) (int, Bucket, error) {
	p.once.Do(func() { p.Place = NewPlace(time.Now) })
	_ = sleep(ctx, p.way)
	n, b, err := p.Place.Take(ctx, a)
	return n, b, errors.Join(err, sleep(ctx, p.way))
}
