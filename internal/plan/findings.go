package plan

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// findings are those of a plan that is made. Every order can have one: they lie in
// pieces, so that none is copied when there are more, and what many say is held once.
type findings struct {
	pieces   [][]Finding
	messages map[string]string
}

// mostMessagesKept is beyond the number of messages that stand on many orders.
// Others name a number or a time, and are of one order.
const mostMessagesKept = 1000

func (f *findings) add(one Finding) {
	if held, ok := f.messages[one.Message]; ok {
		one.Message = held
	} else if len(f.messages) < mostMessagesKept {
		if f.messages == nil {
			f.messages = map[string]string{}
		}
		f.messages[one.Message] = one.Message
	}
	last := len(f.pieces) - 1
	if last < 0 || len(f.pieces[last]) == piece {
		f.pieces = append(f.pieces, make([]Finding, 0, piece))
		last++
	}
	f.pieces[last] = append(f.pieces[last], one)
}

// all are the findings in the order in which they were added; nil if there are none.
func (f *findings) all() []Finding { return slices.Concat(f.pieces...) }

// Ref is the order that a finding names; empty where it names none, as in a file that
// was altered.
func (f *Finding) Ref() order.Ref {
	if f.Order == nil {
		return order.Ref{}
	}
	return *f.Order
}

// finding notes what a rule found of the wish with that address.
func (b *builder) finding(w *spec.Wish, address string, f rules.Finding) {
	b.findings.add(Finding{Rule: f.Rule, Severity: f.Severity, Address: address, Message: f.Message, Count: 1, DefinedAt: w.Place})
}
