package acceptance

import (
	"maps"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// want is what must have become of one order: its values, and which writes
// took effect for it, each once.
type want struct {
	status, number, tracking, carrier string
	writes                            []string
}

// expect holds the server's ledger against what the configuration asks for:
// everything that is wanted, exactly once, and no other order touched.
func (w *world) expect(before []apiserver.Order, wanted map[string]want) {
	w.t.Helper()
	truth, executed := w.api.Orders(), w.api.Executed()
	wrong := 0
	complain := func(format string, args ...any) {
		if wrong++; wrong <= 10 {
			w.t.Errorf(format, args...)
		}
	}
	known := map[string]apiserver.Order{}
	for _, o := range before {
		known[o.ID] = o
		x, ok := wanted[o.ID]
		if !ok {
			if truth[o.ID] != o {
				complain("order %s was not to be touched:\n was %+v\n  is %+v", o.ID, o.Values, truth[o.ID].Values)
			}
			continue
		}
		is := truth[o.ID]
		if is.Status != x.status || is.Number != x.number || is.Tracking != x.tracking || is.Carrier != x.carrier {
			complain("order %s, which was %s:\n   is %+v\n want %+v", o.ID, o.Status, is.Values, x)
		}
		if got := opsOf(executed[o.ID]); !slices.Equal(got, x.writes) {
			complain("order %s: the writes that took effect are %v, want %v", o.ID, got, x.writes)
		}
	}
	for id := range executed {
		if len(wanted[id].writes) == 0 {
			complain("order %s was written to: %v", id, opsOf(executed[id]))
		}
	}
	if wrong > 10 {
		w.t.Errorf("… and %d more", wrong-10)
	}
}

// write is one write: what it asks for, and its value.
type write struct{ op, value string }

func (w write) String() string { return strings.TrimSpace(w.op + " " + w.value) }

// writesOf are the server's writes on one order.
func writesOf(ledger []apiserver.Write) []write {
	var all []write
	for _, x := range ledger {
		all = append(all, write{x.Op, map[string]string{apiserver.Acknowledge: x.Number, apiserver.Ship: x.Tracking}[x.Op]})
	}
	return all
}

// auditIsLedger holds the audit log against the server's ledger.
func (w *world) auditIsLedger() {
	w.t.Helper()
	var lines []auditLine
	if w.exists("gdfctl.audit.jsonl") {
		lines = w.audit()
	}
	w.logIsLedger(lines)
}

// logIsLedger holds an audit log against the server's ledger, order by order and
// write by write: what took effect has one entry, and what has an entry took effect.
func (w *world) logIsLedger(lines []auditLine) {
	w.t.Helper()
	logged := map[string][]write{}
	for _, a := range lines {
		if a.Result != "done" {
			continue
		}
		switch id := a.Order.ID; a.Action {
		case "acknowledge":
			logged[id] = append(logged[id], write{apiserver.Acknowledge, a.Order.Number})
		case "ship", "correct":
			logged[id] = append(logged[id], write{apiserver.Ship, a.Order.Tracking})
		case "cancel":
			logged[id] = append(logged[id], write{apiserver.Cancel, ""})
		}
	}
	executed := w.api.Executed()
	ids := slices.Concat(slices.Collect(maps.Keys(executed)), slices.Collect(maps.Keys(logged)))
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if want, got := writesOf(executed[id]), logged[id]; !slices.Equal(want, got) {
			w.t.Errorf("order %s: the audit log has %v, and the server executed %v", id, got, want)
		}
	}
}

func opsOf(writes []apiserver.Write) []string {
	var ops []string
	for _, write := range writes {
		ops = append(ops, write.Op)
	}
	return ops
}

// shippedOnce is expect for orders that shipAll wants, or the first n of them.
func (w *world) shippedOnce(orders []apiserver.Order) {
	w.t.Helper()
	w.shippedOnceBut(orders)
}

// shippedOnceBut is shippedOnce with some orders, by index, left as they were.
func (w *world) shippedOnceBut(orders []apiserver.Order, left ...int) {
	w.t.Helper()
	wanted := map[string]want{}
	for i, o := range orders {
		if slices.Contains(left, i) {
			continue
		}
		wanted[o.ID] = want{status: apiserver.Shipped, number: o.Number, tracking: trackingOf(i), carrier: "UPS", writes: []string{apiserver.Ship}}
	}
	w.expect(orders, wanted)
}

// executedOnce fails the test if any write took effect twice.
func (w *world) executedOnce() {
	w.t.Helper()
	executed := w.api.Executed()
	for _, id := range slices.Sorted(maps.Keys(executed)) {
		ops := opsOf(executed[id])
		slices.Sort(ops)
		if len(slices.Compact(slices.Clone(ops))) != len(ops) {
			w.t.Errorf("order %s: %s took effect", id, strings.Join(ops, ", "))
		}
	}
}

// untouched fails the test if the server was asked to change anything.
func (w *world) untouched() {
	w.t.Helper()
	if n := w.api.Writes(); n > 0 {
		w.t.Errorf("%d writes were sent, and none should have been", n)
	}
}
