package state

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// save makes what was closed since the last time durable, with how long the
// audit log is by now. It is done before the
// state file is written: an order in both files counts as open, one in neither
// would be forgotten.
func (c *closedOrders) save(lease backend.Lease, now time.Time, auditLine int) error {
	if len(c.pending) > 0 {
		if err := c.appendPending(lease, auditLine); err != nil {
			return err
		}
		c.forgetPending()
	}
	if !c.worthRewriting(now) {
		return nil
	}
	if err := c.rewrite(lease, now.Add(-keepFor)); err != nil {
		return err
	}
	_, err := c.load()
	return err
}

func (c *closedOrders) appendPending(lease backend.Lease, auditLine int) error {
	changes := c.sortedPending()
	lines, places, err := encodeClosed(changes, auditLine)
	if err != nil {
		return err
	}
	if err := c.letGo(); err != nil {
		return err
	}
	if c.end < c.size {
		if err := lease.Truncate(backend.Closed, c.end); err != nil {
			return err
		}
		c.size = c.end
	}
	f, err := lease.Append(backend.Closed)
	if err != nil {
		return err
	}
	n, err := f.Write(lines)
	c.size += int64(n) // should it fail, the next attempt cuts off what was written
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	for i, p := range places {
		c.byKey.add(placeAt(p.key, c.end+p.offset, changes[i].removed))
		if order.IsInsertID(changes[i].entry.ID) {
			continue
		}
		if !changes[i].removed {
			c.byNumber.add(placeAt(p.number, c.end+p.offset, false))
		}
		if c.oldest.IsZero() {
			c.oldest = changes[i].entry.ClosedAt
		}
	}
	c.lines += len(places)
	c.end = c.size
	return nil
}

func (c *closedOrders) sortedPending() []closedChange {
	changes := make([]closedChange, 0, len(c.pending))
	for _, change := range c.pending {
		changes = append(changes, change)
	}
	slices.SortFunc(changes, func(a, b closedChange) int { return a.entry.Key.Compare(b.entry.Key) })
	return changes
}

// lineNames is a line that was encoded: the hashes of its names, and where it
// begins.
type lineNames struct {
	key, number uint64
	offset      int64
}

func encodeClosed(changes []closedChange, auditLine int) (lines []byte, names []lineNames, err error) {
	for _, change := range changes {
		e := change.entry
		n := lineNames{e.Key.hash(), numberKeyOf(e.Endpoint, e.Account, e.Ref.Source, e.Ref.SourceNumber).hash(), int64(len(lines))}
		line, err := seal(closedLine{
			KeyHash:    hashText(n.key),
			NumberHash: hashText(n.number),
			Removed:    change.removed,
			Endpoint:   e.Endpoint, Account: e.Account, ID: e.ID,
			Source: e.Ref.Source, SourceNumber: e.Ref.SourceNumber,
			Wanted: storedValues(plain(e.Wanted)), Sent: e.Sent, ClosedAt: utc(e.ClosedAt), OrderID: e.OrderID, AuditLine: auditLine,
		})
		if err != nil {
			return nil, nil, err
		}
		lines, names = append(lines, line...), append(names, n)
	}
	return lines, names, nil
}

// worthRewriting spares rewriting for every order that grows too old, or is
// closed a second time.
func (c *closedOrders) worthRewriting(now time.Time) bool {
	const month = 30 * 24 * time.Hour
	superseded := c.lines - c.byKey.live
	return !c.oldest.IsZero() && now.Sub(c.oldest) > keepFor+month ||
		superseded > 1000 && superseded > c.byKey.live
}

// rewrite keeps the latest line of each order that was closed after that time, and of
// each that was inserted.
func (c *closedOrders) rewrite(lease backend.Lease, after time.Time) error {
	return lease.Replace(backend.Closed, func(w io.Writer) error {
		return c.scan(func(offset int64, text []byte) error {
			key, _, ok := closedNames(text)
			if latest, kept := c.byKey.find(key); !ok || !kept || latest != offset {
				return nil
			}
			if line, err := decodeClosed(text); err != nil || line.ClosedAt.Before(after) && !keptForEver(text) {
				return nil
			}
			_, err := w.Write(append(bytes.Clone(text), '\n'))
			return err
		})
	})
}
