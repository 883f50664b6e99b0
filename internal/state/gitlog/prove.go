package gitlog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Prove implements sharedlog.Place.
//
// Rules of a server go by the name of a branch, and those for making one differ
// from those for adding to it. So where no log was begun, the probes are the first
// commits of the branch itself, and stay in its history. Where one was, making the
// branch was proved by it, and a branch beside it is used and removed: whoever
// holds the lease is not disturbed.
func (p *Place) Prove(ctx context.Context) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, err := p.refresh(ctx)
	if err != nil {
		return nil, err
	}
	warnings, err := p.private(ctx)
	if err != nil {
		return nil, err
	}
	if len(t.log) == 0 {
		if t.foreign() {
			return warnings, p.holdsOther()
		}
		last, err := p.race(ctx, p.ref, t)
		if err != nil {
			return warnings, err
		}
		clean, err := p.commit(ctx, last, map[string]string{probePath: ""}, p.now().Unix(), "the probe succeeded [skip ci]\n")
		if err != nil {
			return warnings, err
		}
		if err := p.push(ctx, p.ref, last.commit, clean.commit); err != nil {
			return warnings, p.unproved(err)
		}
		p.tip, p.pending = clean, nil
		return warnings, nil
	}

	if err := p.store.setBase(t.commit); err != nil {
		return warnings, err
	}
	next, err := p.commit(ctx, t, nil, p.now().Unix(), "only a trial [skip ci]\n")
	if err != nil {
		return warnings, err
	}
	if err := p.pushBehind(ctx, p.ref, t.commit, next.commit, "--dry-run"); err != nil && !errors.Is(err, errMoved) {
		return warnings, err
	}
	beside := p.ref + ".probe-" + strings.ToLower(rand.Text()[:8])
	nothing, err := newTip("", nil)
	if err != nil {
		return warnings, err
	}
	last, err := p.race(ctx, beside, nothing)
	if err != nil {
		return warnings, err
	}
	if err := p.pushBehind(ctx, beside, last.commit, ""); err != nil {
		warnings = append(warnings, fmt.Sprintf("The branch %s was made as a probe and can't be removed: %v. Remove it when you can; nothing needs it.",
			strings.TrimPrefix(beside, "refs/heads/"), err))
	}
	return warnings, nil
}

// race puts a probe on a branch, and then two behind it at the same time, of which
// one has to win.
func (p *Place) race(ctx context.Context, ref string, t *tip) (*tip, error) {
	first, err := p.probe(ctx, t, "first")
	if err != nil {
		return nil, err
	}
	if err := p.push(ctx, ref, t.commit, first.commit); err != nil {
		return nil, p.unproved(err)
	}
	var racers [2]*tip
	var errs [2]error
	for i := range racers {
		if racers[i], err = p.probe(ctx, first, fmt.Sprint("racer ", i)); err != nil {
			return nil, err
		}
	}
	if err := p.store.setBase(first.commit); err != nil {
		return nil, err
	}
	var wg sync.WaitGroup
	for i, r := range racers {
		wg.Go(func() { errs[i] = p.pushBehind(ctx, ref, first.commit, r.commit) })
	}
	wg.Wait()
	for i, r := range racers {
		switch other := errs[1-i]; {
		case errs[i] == nil && other == nil:
			return nil, &sharedlog.RefusedError{
				Place: p.String(), Reason: "of two conditional pushes at the same time, the server took both",
				Remedy: "Two runs could send the same order there. Keep the state in another place.",
			}
		case errs[i] == nil && errors.Is(other, errMoved):
			return r, nil
		case errs[i] != nil && !errors.Is(errs[i], errMoved):
			return nil, p.unproved(errs[i])
		}
	}
	return nil, p.says("of two pushes at the same time, the server took none: try again")
}

// probe is a commit that is like no other one.
func (p *Place) probe(ctx context.Context, t *tip, name string) (*tip, error) {
	changes := map[string]string{}
	for path, text := range map[string]string{
		readmePath: readmeText,
		probePath:  name + " " + rand.Text() + "\n",
	} {
		object, err := p.write(ctx, "blob", []byte(text))
		if err != nil {
			return nil, err
		}
		changes[path] = object
	}
	return p.commit(ctx, t, changes, p.now().Unix(), "a probe: can this branch be written to? [skip ci]\n")
}

// unproved is the error for a probe that failed. Nothing else is pushed to a branch
// of probes by right.
func (p *Place) unproved(err error) error {
	if errors.Is(err, errMoved) {
		return p.says("somebody else is trying the same at this moment: try again")
	}
	return err
}

func (p *Place) holdsOther() error {
	return &sharedlog.RefusedError{
		Place: p.String(), Reason: "there is a branch of that name that holds something else",
		Remedy: "Choose another name in the backend block, or rename that branch.",
	}
}
