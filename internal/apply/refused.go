package apply

import (
	"fmt"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
)

// mostLooks is how many orders a run reads because their change was refused: where
// everything is refused, more would say the same.
const mostLooks = 50

// refusal is why a change was refused. One order was canceled since it was read, and its
// parcel is packed: so the order is read once more. The refusal stands, whatever that
// read shows.
func (l *lane) refusal(t *task, refused error) string {
	why := brief(refused)
	if godatafeed.IsDenied(refused) || godatafeed.IsNotFound(refused) || t.action == order.Cancel || !l.run.mayLook() {
		return why
	}
	ctx, end := l.run.leavable(l.run.soft)
	defer end()
	live, err := l.read(ctx, t.key.ID)
	switch {
	case err != nil || !live.IsCancelled():
		return why
	case t.change.After.Status != order.Shipped:
		return fmt.Sprintf("canceled in the meantime (%s): do not pack it", why)
	}
	return fmt.Sprintf("canceled in the meantime (%s): %s", why, l.pull(t, t.change.After.Parcel()))
}

// mayLook counts a look at an order whose change was refused.
func (r *run) mayLook() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.soft.Err() != nil || r.looked >= mostLooks {
		return false
	}
	r.looked++
	return true
}

// pull remembers a parcel that must not be handed over, and calls for it.
func (l *lane) pull(t *task, parcel order.Parcel) string {
	l.run.Journal.Pull(t.key, t.ref, parcel, l.run.Now())
	return parcel.Pull()
}
