package memlog

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Place implements sharedlog.Place.
type Place struct {
	store   *Store
	machine string
	closed  bool // store.mu
}

func (p *Place) String() string { return "memory:" + p.machine }

// Prepare implements sharedlog.Place.
func (p *Place) Prepare(ctx context.Context) error {
	return p.call(ctx, Call{Method: "Prepare"}, func() error { return nil })
}

// Prove implements sharedlog.Place.
func (p *Place) Prove(ctx context.Context) ([]string, error) {
	return nil, p.call(ctx, Call{Method: "Prove"}, func() error { return nil })
}

// Append implements sharedlog.Place.
func (p *Place) Append(ctx context.Context, prev sharedlog.Position, r sharedlog.Raw) error {
	return p.call(ctx, Call{Method: "Append", Prev: prev, Record: r}, func() error {
		return p.store.append(p.String(), prev, r)
	})
}

// Read implements sharedlog.Place.
func (p *Place) Read(ctx context.Context, after int64) (page sharedlog.Page, err error) {
	err = p.call(ctx, Call{Method: "Read"}, func() (err error) {
		page, err = p.store.read(after)
		return err
	})
	if err != nil {
		return sharedlog.Page{}, err
	}
	return page, nil
}

// Start implements sharedlog.Place.
func (p *Place) Start(ctx context.Context) (n int64, err error) {
	err = p.call(ctx, Call{Method: "Start"}, func() (err error) {
		n, err = p.store.start()
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// Trim implements sharedlog.Place.
func (p *Place) Trim(ctx context.Context, before int64) error {
	return p.call(ctx, Call{Method: "Trim"}, func() error { return p.store.trim(before) })
}

// Put implements sharedlog.Place.
func (p *Place) Put(ctx context.Context, hash string, data []byte) error {
	return p.call(ctx, Call{Method: "Put"}, func() error {
		p.store.put(hash, data)
		return nil
	})
}

// Get implements sharedlog.Place.
func (p *Place) Get(ctx context.Context, hash string) (data []byte, err error) {
	err = p.call(ctx, Call{Method: "Get"}, func() (err error) {
		data, err = p.store.get(hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// Sweep implements sharedlog.Place.
func (p *Place) Sweep(ctx context.Context, kept func(hash string) bool, before time.Time) error {
	return p.call(ctx, Call{Method: "Sweep"}, func() error {
		p.store.sweep(kept, before)
		return nil
	})
}

// Pace implements sharedlog.Place.
func (p *Place) Pace() time.Duration { return p.store.Paced }

// Close implements sharedlog.Place.
func (p *Place) Close() error {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	p.closed = true
	return nil
}
