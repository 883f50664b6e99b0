package apply

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

// task is one call to be made for one order. It belongs to its lane's
// coordinator; a worker has it to itself while it runs.
type task struct {
	change *plan.Change // nil for a task that only finds out the outcome of an earlier run's call
	action order.Action
	before order.Values
	after  order.Values
	prev   *task // the acknowledge that goes first
	key    state.Key
	ref    order.Ref

	live  *order.Live // nil: as the plan has it, or the task has ended
	gone  bool        // the API doesn't know the order any more
	there []string    // of an insert: ids of the orders with its number, as a listing showed
	// Of an insert that is made again: the earliest date that it can have been made with.
	earliest time.Time
	readAt   moment // when reading the order began; zero: it must be read first

	written   *written      // its intent is on record, and its turn has not come
	open      *state.Intent // a call whose outcome is not known
	inherited bool          // the open call was found when the run began: another process made it
	found     time.Time     // that: when this process first held the lease and found it
	notBefore time.Time     // while open: when it is to be reread
	attempts  int           // of this call, in this run
	repeat    *state.Intent // a call without effect, as a reread showed: the next attempt is identical
	denied    int           // 401 answers
	throttled int           // 429 answers
	late      int           // turns that came when the read was old
	along     []*task       // other inserts whose outcome the same listing shows
	unread    int           // rereads that could not find the outcome out
	doubted   bool          // a reread showed no effect, and can't prove that yet
	windows   int           // windows that it was reread with

	result  ItemResult // empty while not ended
	message string
}

// tasksOf makes the tasks of one change: an order that is acknowledged and
// shipped has two.
func tasksOf(c *plan.Change, key state.Key) []*task {
	var tasks []*task
	before := c.Before
	for _, action := range c.Actions {
		t := &task{change: c, action: action, before: before, after: c.After, key: key, ref: c.Order}
		if !c.Read.IsZero() {
			t.readAt = momentOf(c.Read)
		}
		if action == order.Acknowledge {
			t.after = before
			t.after.Status, t.after.OrderNumber = order.Processing, c.After.OrderNumber
		}
		if len(tasks) > 0 {
			t.prev = tasks[len(tasks)-1]
		}
		before = t.after
		tasks = append(tasks, t)
	}
	return tasks
}

func (t *task) ended() bool { return t.result != "" }

// end lets go of the order as it was read, which is as large as all the rest of
// the task: there can be a hundred thousand of them.
func (t *task) end(v ItemResult, message string) { t.result, t.message, t.live = v, message, nil }

// latest is the order as it was read last.
func (t *task) latest() order.Live {
	if t.live == nil {
		return order.Live{Ref: t.change.Order, Values: t.change.Before}
	}
	return *t.live
}

// errorBefore is the hash of the marketplace's error in the read that the task rests on.
func (t *task) errorBefore() string {
	if t.live == nil {
		return t.change.ErrorBefore
	}
	return uptake.ErrorHash(t.live.SyncError)
}

// succeeded reports whether what the task wanted holds.
func (t *task) succeeded() bool { return t.result == Applied || t.result == AsWanted }

func (t *task) address() string {
	if t.change == nil {
		return t.open.Address
	}
	return t.change.Address
}

func (t *task) item() Item {
	i := Item{Account: t.key.Account, Order: t.ref, Action: t.action, Result: t.result, Message: t.message, Tracking: t.after.Tracking}
	if t.change != nil {
		i.Address, i.DefinedAt = t.change.Address, t.change.DefinedAt
	} else if t.open != nil {
		i.Address = t.open.Address
	}
	return i
}

// attempt is the configuration's attempt that the task serves.
func (t *task) attempt() int {
	if t.change == nil {
		return 1
	}
	return max(t.change.Attempt, 1)
}

// restates reports whether the order showed what the task sends before it, so that
// no read can tell whether that took effect: it is sent again on purpose.
func (t *task) restates() bool {
	return t.change != nil && t.change.Resend && plan.Restates(t.action, t.before, t.after)
}
