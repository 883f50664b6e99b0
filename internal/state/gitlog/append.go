package gitlog

import (
	"context"
	"errors"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// rebuilds is how often a record is put behind a commit that is not a record, as
// one of a person is, before an append gives up.
const rebuilds = 3

// Append implements sharedlog.Place.
//
// The branch never returns to a commit that it left, so an attempt whose outcome is
// unknown can't take effect any more once the branch ends with another commit. As
// long as it doesn't, the same commit is pushed again.
func (p *Place) Append(ctx context.Context, prev sharedlog.Position, r sharedlog.Raw) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.open(ctx); err != nil {
		return err
	}
	t := p.tip
	if p.pending == nil || p.pending.record != r.Position() {
		p.pending = nil
		if t == nil || t.last != prev {
			var err error
			if t, err = p.refresh(ctx); err != nil {
				return err
			}
		}
	}
	for range rebuilds {
		if p.pending == nil {
			if t.last != prev {
				return p.lost(t, prev, r)
			}
			if prev == sharedlog.Before && t.foreign() {
				return p.holdsOther()
			}
			var err error
			if p.pending, err = p.build(ctx, t, r); err != nil {
				return err
			}
		}
		attempt := p.pending
		err := p.push(ctx, p.ref, attempt.parent, attempt.tip.commit)
		if err == nil {
			p.landed(attempt)
			return nil
		}
		if !errors.Is(err, errMoved) {
			return err
		}
		if t, err = p.refresh(ctx); err != nil {
			return err
		}
		switch t.commit {
		case attempt.tip.commit:
			p.landed(attempt)
			return nil
		case attempt.parent:
			return p.says("record %d was not appended, although the branch ends with the one before it: another push was under way", r.N)
		}
		p.pending = nil
	}
	return p.says("record %d was not appended: something other than gdfctl pushes to the branch", r.N)
}

// landed notes that an append is done.
func (p *Place) landed(done *pending) {
	p.pending, p.tip = nil, done.tip
	p.store.setLast(done.tip.commit)
	for name := range p.removed.values {
		if _, ok := done.tip.files[name]; !ok {
			delete(p.removed.values, name)
		}
	}
	p.staging.Lock()
	defer p.staging.Unlock()
	for hash, v := range done.staged {
		if p.staged[hash] == v {
			delete(p.staged, hash)
		}
	}
}

// lost is what an append returns where the log does not end with what was said.
// That very record can be its end.
func (p *Place) lost(t *tip, prev sharedlog.Position, r sharedlog.Raw) error {
	if t.last == r.Position() {
		return nil
	}
	// Whoever lost the log decides no more what is removed from it.
	p.removed = removals{values: map[string]bool{}}
	return &sharedlog.TakenError{Place: p.String(), Prev: prev}
}
