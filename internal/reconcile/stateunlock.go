package reconcile

import (
	"context"
	"errors"
	"fmt"

	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// UnlockRequest asks for the lock of a run that did not end to be removed.
type UnlockRequest struct {
	Source
	ID     string // no other lock than this one; empty: any
	Reason string // for the audit log
}

// UnlockReport is a lock that was removed.
type UnlockReport struct {
	state.Unlocked
	Shared bool // it was a lease, which its holder may not know to be lost
}

// Unlock removes the lock of a run that did not end. A lock whose process can be seen
// to be alive is an error. Where several machines share the state, whoever holds the
// lease loses it with its next record, and nothing is sent until that is certain.
func Unlock(ctx context.Context, req UnlockRequest, d Deps, o Observer) (*UnlockReport, error) {
	w, err := d.onRecord(req.Source, req.Reason, o)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.signing(); err != nil {
		return nil, err
	}
	if holder, ok := w.store.Holder(); req.ID != "" && ok && holder.ID != req.ID {
		return nil, anotherLock(holder)
	}
	was, notices, err := w.store.ForceUnlock(ctx, w.leaseFor(state.LockRequest{Reason: req.Reason}), req.ID)
	if held := (*backend.LockedError)(nil); w.home.shared() && req.ID != "" && errors.As(err, &held) {
		return nil, anotherLock(held.Holder)
	}
	if err != nil {
		return nil, err
	}
	if was.Holder.ID == "" {
		w.notices(notices)
	}
	if was.Next.ID != "" {
		w.warnf("%s took the state at once: it sends nothing before the former holder's calls can't take effect any more. The reason is in the log of the state, and not in the audit log", was.Next)
	}
	return &UnlockReport{*was, w.home.shared()}, nil
}

func anotherLock(h backend.Holder) error {
	return fmt.Errorf("the state has another lock: %s, of %s; nothing was removed", h.ID, h)
}
