package plan

import (
	"errors"
	"testing"
)

// Nothing is decided on a listing that shows less than was counted, twice
// running.
func TestAnIncompleteListingIsAnError(t *testing.T) {
	api := &fakeAPI{orders: newOrders(7), hidden: map[int][]int{1: {3}, 2: {3}}}
	a := newAccount(3)
	_, err := read(t, api, a, newSession(t).State(), ship(a, "x", byNumber(1), "1Z1"))
	var incomplete *IncompleteError
	if !errors.As(err, &incomplete) || *incomplete != (IncompleteError{Counted: 7, Seen: 6}) {
		t.Errorf("%v, want 6 of 7 seen", err)
	}
	if api.listings != 2 {
		t.Errorf("listed %d times, want 2", api.listings)
	}
}

func TestAListingThatIsCompleteTheSecondTimeWillDo(t *testing.T) {
	api := &fakeAPI{orders: newOrders(7), hidden: map[int][]int{1: {3}}}
	a := newAccount(3)
	snap, err := read(t, api, a, newSession(t).State(), ship(a, "x", byNumber(3), "1Z1"))
	if err != nil || len(snap.Orders) != 1 || !snap.Listed {
		t.Errorf("%v, %+v", err, snap)
	}
}

// Orders that came in after the count push others to later pages: as many as
// were counted can have been seen while the wanted one is still to come.
func TestPagesAreReadUntilOneIsShort(t *testing.T) {
	for _, pageSize := range []int{1, 2, 3, 6, 7} {
		api := &fakeAPI{orders: newOrders(6), counted: 4}
		a := newAccount(pageSize)
		snap, err := read(t, api, a, newSession(t).State(), ship(a, "x", byNumber(5), "1Z1"))
		if err != nil || len(snap.Orders) != 1 {
			t.Errorf("pages of %d: %v, found %d orders, want 1", pageSize, err, len(snap.Orders))
		}
	}
}

// A server may serve smaller pages than it was asked for.
func TestACappedPageIsNotTheLast(t *testing.T) {
	api := &fakeAPI{orders: newOrders(6), most: 2}
	a := newAccount(250)
	snap, err := read(t, api, a, newSession(t).State(), ship(a, "x", byNumber(5), "1Z1"))
	if err != nil {
		t.Fatal(err)
	}
	if len(snap.Orders) != 1 || snap.PageCap != 2 {
		t.Errorf("found %d orders, the page's cap is %d; want 1 and 2", len(snap.Orders), snap.PageCap)
	}
}
