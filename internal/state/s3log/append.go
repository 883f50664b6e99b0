package s3log

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Append implements sharedlog.Place: it creates the object of the record's number,
// and then finds out whether that made it the next record of the log.
//
// The store decides which of several writers creates an object first. It doesn't
// know that a record belongs behind another one, nor that there was one before that
// was trimmed. So a record counts only when, after it was created,
//   - the record before it is there, with the hash that its writer expects. Otherwise the
//     log is not the one that its writer knows, but an older copy of the bucket for example;
//   - its number is not below the newest one in trimmed/. No record of that number
//     or a higher one was ever removed then, so this was the first one of its number.
//
// Everything else that goes wrong between the creation and these answers leaves it
// open whether the record counts, and says so. The next attempt finds the object,
// with its own bytes, and asks the same two questions.
func (p *Place) Append(ctx context.Context, prev sharedlog.Position, r sharedlog.Raw) error {
	taken := &sharedlog.TakenError{Place: p.String(), Prev: prev}
	if r.N != prev.N+1 {
		return taken
	}
	p.swapStart(nil) // what was found out is not the newest any more
	if ok, err := p.precedes(ctx, prev); err != nil {
		return err
	} else if !ok {
		return taken
	}
	if r.Snapshot {
		if err := p.write(ctx, markerOf(r.Position()), nil, requestTimeout); err != nil {
			return err
		}
	}
	etag, err := p.create(ctx, recordKey(r.N), r.Data)
	created := err == nil
	if errors.Is(err, errOccupied) || errors.Is(err, errConflict) {
		// Whose record is it? Also a gateway may have sent ours twice.
		var data []byte
		switch data, etag, err = p.get(ctx, recordKey(r.N), requestTimeout); {
		case errors.Is(err, errMissing):
			return fmt.Errorf("%s: the store refused record %d because there is one, and there is none", p, r.N)
		case err != nil:
			return notRefused(err)
		case !bytes.Equal(data, r.Data):
			return taken
		}
	}
	if err != nil {
		return err
	}
	counts, err := p.counts(ctx, prev, r, etag, created)
	if err != nil {
		return notRefused(err)
	}
	if !counts {
		return taken
	}
	p.saw(r, etag)
	return nil
}

// notRefused is the error of a request behind the one that may have written: that
// this one was refused says nothing of that one.
func notRefused(err error) error {
	if refused := (*sharedlog.RefusedError)(nil); errors.As(err, &refused) {
		return fmt.Errorf("a record was written, and it is not known whether it counts: %s", refused.Error())
	}
	return err
}

// precedes reports whether the log can end with prev, before anything is written:
// a record behind one that is not there would be in the way of the one that belongs
// there. What this place read or appended itself needs no request.
func (p *Place) precedes(ctx context.Context, prev sharedlog.Position) (bool, error) {
	if prev == sharedlog.Before {
		there, err := p.list(ctx, logPrefix, "", 1)
		return len(there) == 0 || there[0].name == numbered(0), err // 0 can be our own
	}
	if p.knows(prev) {
		return true, nil
	}
	return p.holds(ctx, prev)
}

// holds reports whether the log holds a record with this hash at this number.
func (p *Place) holds(ctx context.Context, at sharedlog.Position) (bool, error) {
	data, _, err := p.get(ctx, recordKey(at.N), requestTimeout)
	if errors.Is(err, errMissing) {
		return false, nil
	}
	return err == nil && sharedlog.HashOf(data) == at.Hash, err
}

// counts reports whether a record whose object is there is part of the log, and was
// its last one at some moment since Append was called: when it was created by this
// attempt, or now.
func (p *Place) counts(ctx context.Context, prev sharedlog.Position, r sharedlog.Raw, etag string, created bool) (bool, error) {
	var follows, last bool
	var floor int64
	err := together(ctx,
		func(ctx context.Context) (err error) {
			if follows = r.N == 0; !follows {
				follows, err = p.holds(ctx, prev)
			}
			return err
		},
		func(ctx context.Context) (err error) {
			floor, err = p.floor(ctx)
			return err
		},
		func(ctx context.Context) error {
			if last = created; last {
				return nil
			}
			behind, err := p.list(ctx, logPrefix, numbered(r.N), 1)
			last = len(behind) == 0
			return err
		})
	if err != nil || follows && r.N >= floor {
		return last, err
	}
	return false, p.clearAway(ctx, prev, r, etag, floor)
}

// clearAway removes an object that this writer created and that is not part of the
// log: it would be in the way of the record that belongs there.
//
// Where records were trimmed it is left. Nobody takes it for a record there, the
// next Trim removes it, and the record before it can be missing because it was trimmed
// a moment ago, while ours had become part of the log.
//
// Otherwise the log ends before it, or has another record before it: the bucket was
// put back to an older copy while this run went on. The object is ours alone,
// since a record has a random id, and nobody can have taken it for a record, since the
// one before it is not the one that it names. Only that must be certain. So one
// answer that says that the record before it is missing is not enough: a listing must
// say so too. A removal that is executed late, when the log has grown, finds other
// bytes there. A store that does not remove on a condition keeps the object.
func (p *Place) clearAway(ctx context.Context, prev sharedlog.Position, r sharedlog.Raw, etag string, floor int64) error {
	if r.N <= floor {
		return nil
	}
	if floor, err := p.floor(ctx); err != nil || r.N <= floor {
		return err
	}
	behind := ""
	if r.N >= 2 {
		behind = numbered(r.N - 2)
	}
	listed, err := p.list(ctx, logPrefix, behind, 1)
	if err != nil {
		return err
	}
	if len(listed) > 0 && listed[0].name == numbered(prev.N) {
		data, _, err := p.get(ctx, recordKey(prev.N), requestTimeout)
		if err != nil {
			return fmt.Errorf("%s: record %d is listed and can't be read: %w", p, prev.N, err)
		}
		if sharedlog.HashOf(data) == prev.Hash {
			return fmt.Errorf("%s: record %d was not there, and is there again", p, prev.N)
		}
	}
	err = p.removeBytes(ctx, recordKey(r.N), etag)
	if refused := (*sharedlog.RefusedError)(nil); errors.Is(err, errChanged) || errors.As(err, &refused) {
		return nil
	}
	return err
}
