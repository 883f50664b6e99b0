package plan

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// That two entries mean one order can come out only when it was read. If they
// want the same, it is one change; if not, none.
func TestTwoWishesAboutOneOrderAreHeldBack(t *testing.T) {
	a := newAccount(250)
	for _, tt := range []struct {
		name, second  string
		changes, held int
	}{
		{"the same", "1Z1", 1, 0},
		{"something else", "1Z2", 0, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			api := &fakeAPI{orders: newOrders(1)}
			s := newSession(t).State()
			wishes := []spec.Wish{ship(a, "one", byNumber(0), "1Z1"), ship(a, "two", spec.Find{ID: "id-0"}, tt.second)}
			snap, err := read(t, api, a, s, wishes...)
			if err != nil {
				t.Fatal(err)
			}
			p := build(t, a, snap, s, wishes...)
			if len(p.Changes) != tt.changes || len(p.Held) != tt.held {
				t.Errorf("%d changes and %d held, want %d and %d", len(p.Changes), len(p.Held), tt.changes, tt.held)
			}
			for _, h := range p.Held {
				if h.Code != SameOrderTwice {
					t.Errorf("held for %s", h.Code)
				}
			}
		})
	}
}
