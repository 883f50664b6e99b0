package s3log

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// A value is an object of its own each time it is put. So whoever sweeps removes
// objects that were listed as old, and never one that was put meanwhile: a store has
// no way to remove an object only if it is still the old one.

// Put implements sharedlog.Place.
func (p *Place) Put(ctx context.Context, hash string, value []byte) error {
	return p.write(ctx, valuePrefix+hash+"-"+strings.ToLower(rand.Text()), value, valueTimeout)
}

// Get implements sharedlog.Place.
func (p *Place) Get(ctx context.Context, hash string) ([]byte, error) {
	copies, err := p.list(ctx, valuePrefix+hash+"-", "", listPage)
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		data, _, err := p.get(ctx, valuePrefix+hash+"-"+c.name, valueTimeout)
		if !errors.Is(err, errMissing) { // swept meanwhile
			return data, err
		}
	}
	return nil, fmt.Errorf("%s: value %.12s: %w", p, hash, fs.ErrNotExist)
}

// Sweep implements sharedlog.Place. Of a value that is kept, the newest object stays.
func (p *Place) Sweep(ctx context.Context, kept func(hash string) bool, before time.Time) error {
	objects, err := p.listAll(ctx, valuePrefix)
	if err != nil {
		return err
	}
	newest := map[string]object{}
	for _, o := range objects {
		hash, _, _ := strings.Cut(o.name, "-")
		if n, ok := newest[hash]; !ok || o.at.After(n.at) {
			newest[hash] = o
		}
	}
	for _, o := range objects {
		hash, _, _ := strings.Cut(o.name, "-")
		if !o.at.Before(before) || kept(hash) && newest[hash].name == o.name {
			continue
		}
		if err := p.remove(ctx, valuePrefix+o.name); err != nil {
			return err
		}
	}
	return nil
}
