package s3log

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// races is how often Prove lets two writers race.
const races = 3

// Prove implements sharedlog.Place.
func (p *Place) Prove(ctx context.Context) (warnings []string, err error) {
	for range races {
		if err := p.proveOnce(ctx, probePrefix+strings.ToLower(rand.Text())); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// proveOnce tries all that a log needs of the store on one object.
func (p *Place) proveOnce(ctx context.Context, name string) (err error) {
	defer func() {
		// Also when the context has ended: a probe is not left behind.
		if removed := p.remove(context.WithoutCancel(ctx), name); err == nil && removed != nil {
			err = removed
		}
	}()
	writers := [][]byte{[]byte("first\n"), []byte("second\n")}
	errs := make([]error, len(writers))
	err = together(ctx,
		func(ctx context.Context) error { _, errs[0] = p.create(ctx, name, writers[0]); return nil },
		func(ctx context.Context) error { _, errs[1] = p.create(ctx, name, writers[1]); return nil })
	if err != nil {
		return err
	}
	winner := slices.Index(errs, nil)
	if winner < 0 {
		return errs[0]
	}
	if lost := errs[1-winner]; lost == nil {
		return p.unfit("of two writes at the same time, both were accepted")
	} else if !errors.Is(lost, errOccupied) && !errors.Is(lost, errConflict) {
		return lost
	}
	switch _, err := p.create(ctx, name, []byte("third\n")); {
	case err == nil:
		return p.unfit("a second write was accepted, although the object was there")
	case !errors.Is(err, errOccupied) && !errors.Is(err, errConflict):
		return err
	}
	data, _, err := p.get(ctx, name, requestTimeout)
	if err == nil && !bytes.Equal(data, writers[winner]) {
		return p.unfit("what was written first was not kept")
	}
	if err != nil && !errors.Is(err, errMissing) {
		return err
	}
	listed, listErr := p.list(ctx, name, "", 1)
	if listErr != nil {
		return listErr
	}
	if err != nil || len(listed) != 1 {
		return p.unfit("what was written is not read or listed at once")
	}
	if err := p.remove(ctx, name); err != nil {
		return err
	}
	if listed, err = p.list(ctx, name, "", 1); err == nil && len(listed) > 0 {
		return p.unfit("what was removed is still listed")
	}
	return err
}

func (p *Place) unfit(what string) error {
	return &sharedlog.RefusedError{
		Place: p.String(), Reason: fmt.Sprintf("the store can't keep a state for several machines: %s", what),
		Remedy: "Two runs could both believe that they hold the state. Use a store that keeps to If-None-Match on writes, such as AWS S3, Cloudflare R2 or Ceph, or keep the state in git or PostgreSQL.",
	}
}
