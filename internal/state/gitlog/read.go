package gitlog

import (
	"context"
	"io/fs"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// look is where the branch ended when a Read looked.
type look struct {
	tip   *tip
	at    time.Time
	start bool // it was asked where to start since
}

// justNow is how long a look holds for what is asked next.
const justNow = time.Second

// Read implements sharedlog.Place. A look at a log in which nothing is new costs one
// round trip.
func (p *Place) Read(ctx context.Context, after int64) (sharedlog.Page, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.justLooked(ctx, true)
	if t == nil || after < 0 {
		var err error
		if t, err = p.begun(ctx); err != nil {
			return sharedlog.Page{}, err
		}
	}
	if after < 0 {
		p.looked = look{tip: t, at: time.Now()}
	}
	i := t.find(after + 1)
	if i == len(t.log) {
		return sharedlog.Page{}, nil
	}
	if t.log[i].n != after+1 {
		return sharedlog.Page{}, sharedlog.ErrTrimmed
	}
	files := t.log[i:min(len(t.log), i+p.page)]
	var objects []string
	for k, f := range files {
		if f.n != after+1+int64(k) {
			break
		}
		objects = append(objects, t.files[f.path])
	}
	data, err := p.blobs(ctx, objects)
	if err != nil {
		return sharedlog.Page{}, err
	}
	page := sharedlog.Page{End: files[len(data)-1].n == t.last.N}
	for k, d := range data {
		page.Records = append(page.Records, sharedlog.Raw{N: files[k].n, Data: d, Kind: files[k].kind, Snapshot: files[k].start})
	}
	return page, nil
}

// justLooked is where the branch ended at a look just now, once; nil if there was none.
// Whoever begins to read reads record 0, asks where to start, and reads from there on:
// one look is enough for that.
func (p *Place) justLooked(ctx context.Context, toStart bool) *tip {
	last := p.looked
	p.looked = look{}
	if t := last.tip; t != nil && last.start == toStart && t == p.tip && len(t.log) > 0 && time.Since(last.at) < justNow && ctx.Err() == nil {
		return t
	}
	return nil
}

// Start implements sharedlog.Place.
func (p *Place) Start(ctx context.Context) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.looked.at
	t := p.justLooked(ctx, false)
	if t != nil {
		p.looked = look{t, at, true} // for the reading from there on
	} else {
		var err error
		if t, err = p.begun(ctx); err != nil {
			return 0, err
		}
	}
	for i := len(t.log) - 1; i >= 0; i-- {
		if t.log[i].start {
			return t.log[i].n, nil
		}
	}
	return 0, nil
}

// begun is where the branch ends now, if a log was begun on it.
func (p *Place) begun(ctx context.Context) (*tip, error) {
	t, err := p.refresh(ctx)
	if err != nil {
		return nil, err
	}
	if len(t.log) == 0 {
		return nil, sharedlog.ErrNoLog
	}
	return t, nil
}

// Get implements sharedlog.Place.
func (p *Place) Get(ctx context.Context, hash string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	object := p.object(p.tip, hash)
	if object == "" {
		t, err := p.refresh(ctx)
		if err != nil {
			return nil, err
		}
		if object = p.object(t, hash); object == "" {
			return nil, p.says("value %.12s: %w", hash, fs.ErrNotExist)
		}
	}
	data, err := p.blobs(ctx, []string{object})
	if err != nil {
		return nil, err
	}
	return data[0], nil
}

// object is the name that git gives to a value, if it was put or is on the branch.
func (p *Place) object(t *tip, hash string) string {
	p.staging.Lock()
	defer p.staging.Unlock()
	if v, ok := p.staged[hash]; ok {
		return v.object
	}
	if t == nil {
		return ""
	}
	return t.files[t.values[hash]]
}
