package gitlog

import (
	"context"
	"iter"
	"time"
)

// removals are what the next append removes from the tree. The history keeps it.
type removals struct {
	before int64           // records 1 to before-1
	values map[string]bool // paths
}

// paths are the files of a tip that are to go. The last record stays: what comes
// next is appended behind it.
func (r removals) paths(t *tip) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range t.log {
			if f.n > 0 && f.n < min(r.before, t.last.N) && !yield(f.path) {
				return
			}
		}
		for name := range r.values {
			if _, ok := t.files[name]; ok && !yield(name) {
				return
			}
		}
	}
}

// Trim implements sharedlog.Place: it is done with the next append. A commit
// removes all of the records or none.
func (p *Place) Trim(ctx context.Context, before int64) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.open(ctx); err != nil {
		return err
	}
	p.removed.before = max(p.removed.before, before)
	return nil
}

// Sweep implements sharedlog.Place: it is done with the next append. A value that
// is put again until then has another path, or the same one on the same day.
func (p *Place) Sweep(ctx context.Context, kept func(hash string) bool, before time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, err := p.begun(ctx)
	if err != nil {
		return err
	}
	for name := range t.files {
		if m := valueRule.FindStringSubmatch(name); m != nil && putBefore(m[1], before) && !kept(m[2]) {
			p.removed.values[name] = true
		}
	}
	return nil
}
