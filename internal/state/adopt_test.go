package state

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
)

func main1() Account { return Account{Endpoint: testKey(1).Endpoint, Name: "main"} }

// An account that is renamed, or whose endpoint is written otherwise, keeps its
// orders, their open calls and the closed ones.
func TestOrdersMoveWithTheirAccount(t *testing.T) {
	for name, c := range map[string]struct {
		endpoint, account string // that the orders were kept under
		now               Account
	}{
		"renamed":                          {"https://api.godatafeed.com", "main", Account{"https://api.godatafeed.com", "shop", "main", ""}},
		"renamed, at another address":      {"https://api.godatafeed.com", "main", Account{"https://proxy.example", "shop", "main", ""}},
		"at another address":               {"https://api.godatafeed.com", "main", Account{"https://proxy.example", "main", "main", ""}},
		"as an earlier version wrote it":   {"https://api.godatafeed.com/.", "main", Account{"https://api.godatafeed.com", "main", "", ""}},
		"this machine under another name":  {"http://127.0.0.1:8080", "main", Account{"http://localhost:8080", "main", "", ""}},
		"not named, but of the same order": {"https://api.godatafeed.com", "main", Account{"https://api.godatafeed.com", "shop", "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestStore(t.TempDir(), disk.OS{})
			x := mustLock(t, s)
			kept := func(n int) Key { return Key{c.endpoint, c.account, testKey(n).ID} }
			in := shipping(1)
			in.Key = kept(1)
			accepted(t, x, in)
			in = shipping(2)
			in.Key = kept(2)
			open := mustIntend(t, x, in)
			must(t, x.Commit())

			// another run begins to use an order under the new key, and is killed
			in = correcting("1Z1", "1Z2")
			in.Endpoint, in.Account = c.now.Endpoint, c.now.Name
			accepted(t, x, in)
			must(t, x.Close())

			x = mustLock(t, s)
			defer func() { must(t, x.Close()) }()
			x.State().Adopt([]Account{c.now})
			k := Key{c.now.Endpoint, c.now.Name, testKey(1).ID}
			e, ok := x.State().Entry(k)
			if !ok || e.Key != k {
				t.Fatalf("order 1 is not found: %+v", e)
			}
			if diff := cmp.Diff([]string{"1Z1", "1Z2"}, e.Sent()); diff != "" || len(e.Earlier) != 1 || e.Earlier[0].Action != order.Ship {
				t.Errorf("after %+v, sent (-want +got):\n%s", e.Earlier, diff)
			}
			k.ID = testKey(2).ID
			if e, ok = x.State().Entry(k); !ok || len(e.Intents) != 1 || e.Intents[0].Key != k {
				t.Fatalf("order 2: %+v", e)
			}
			again := shipping(2)
			again.Key = k
			if _, err := x.Intend(again); err == nil {
				t.Error("another call was begun for an order whose call is open")
			}
			if c.now.Formerly != "" || c.now.Name == c.account {
				if left := x.State().Unclaimed([]Account{c.now}); len(left) > 0 {
					t.Errorf("no account takes %+v", left)
				}
			} else if left := x.State().Unclaimed([]Account{c.now}); len(left) != 1 || left[0].ID != k.ID {
				t.Errorf("calls that nobody takes: %+v", left)
			}
			must(t, x.RecordOutcome(open, Outcome{Result: order.Done}))
			must(t, x.Commit())
			read, _, err := s.Read()
			must(t, err)
			read.Adopt([]Account{c.now})
			if e, ok := read.Entry(k); !ok || e.Applied == nil || len(e.Intents) > 0 {
				t.Errorf("order 2 is kept as %+v", e)
			}
		})
	}
}

// A run that was killed under the account's new name left a change in the
// journal, and the clock was set back before it: the journal's is the last one
// all the same.
func TestTheLastChangeIsTheLastThatWasAcceptedWhateverClocksSay(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	must(t, x.RecordOutcome(mustIntend(t, x, shipping(1)), Outcome{Result: order.Done, At: noon}))
	must(t, x.Commit())
	must(t, x.Close())

	x = mustLock(t, s)
	shop := Account{Endpoint: main1().Endpoint, Name: "shop"}
	x.State().Adopt([]Account{shop})
	corrected := correcting("1Z1", "1Z2")
	corrected.Account = "shop"
	must(t, x.RecordOutcome(mustIntend(t, x, corrected), Outcome{Result: order.Done, At: noon.Add(-time.Hour)}))
	must(t, x.Close()) // killed

	read, _, err := s.Read()
	must(t, err)
	read.Adopt([]Account{shop})
	e, ok := read.Entry(Key{shop.Endpoint, "shop", testKey(1).ID})
	if !ok || e.Applied == nil || e.Applied.Values.Tracking != "1Z2" || len(e.Earlier) != 1 {
		t.Errorf("the order is %+v", e)
	}
}

// Two accounts can have an order each of one marketplace's number. What is known of one
// that was inserted says nothing of the other, unless both names are of one account.
func TestAnInsertIsOfItsAccountAlone(t *testing.T) {
	kept := func(account string) Key {
		return Key{testKey(1).Endpoint, account, order.InsertID("Phone", "P-1")}
	}
	at := kept("main").Endpoint
	for name, c := range map[string]struct {
		now   []Account
		found bool // under "shop" what was inserted under "main"
	}{
		"two accounts":               {[]Account{{at, "main", "", "a"}, {at, "shop", "", "b"}}, false},
		"two names of one account":   {[]Account{{at, "main", "", "a"}, {at, "shop", "", "a"}}, true},
		"renamed":                    {[]Account{{at, "shop", "main", "a"}}, true},
		"renamed, and not said so":   {[]Account{{at, "shop", "", "a"}, {at, "other", "", "b"}}, true},
		"they exchanged their names": {[]Account{{at, "main", "shop", "a"}, {at, "shop", "main", "b"}}, true},
		"another took over its name": {[]Account{{at, "main", "", "b"}, {at, "shop", "main", "a"}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			x := mustLock(t, newTestStore(t.TempDir(), disk.OS{}))
			defer func() { must(t, x.Close()) }()
			in := shipping(1)
			in.Key, in.Action = kept("main"), order.Insert
			accepted(t, x, in)
			x.State().Adopt(c.now)
			if e := x.State().Remembered(kept("shop")); (e != nil && e.Applied != nil) != c.found {
				t.Fatalf("it is known as %+v", e)
			}
			if c.found {
				return
			}
			in.Key = kept("shop")
			accepted(t, x, in)
			for _, account := range []string{"main", "shop"} {
				if e := x.State().Remembered(kept(account)); e == nil || e.Applied == nil || len(e.Earlier) > 0 {
					t.Errorf("under %s: %+v", account, e)
				}
			}
		})
	}
}

// The orders of another API are not those of this one, whatever their ids.
func TestOrdersOfAnotherAPIAreLeft(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	must(t, x.Commit())
	must(t, x.Close())
	read, _, err := s.Read()
	must(t, err)
	other := Account{Endpoint: "https://staging.example", Name: "main"}
	read.Adopt([]Account{other})
	if e, ok := read.Entry(Key{other.Endpoint, "main", testKey(1).ID}); ok {
		t.Errorf("found %+v", e)
	}
}

// A closed order is found under the account's new name.
func TestClosedOrdersMoveWithTheirAccount(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	accepted(t, x, shipping(1))
	closing(x, 1, noon)
	must(t, x.Commit())
	must(t, x.Close())
	read, _, err := s.Read()
	must(t, err)
	read.Adopt([]Account{{Endpoint: main1().Endpoint, Name: "shop", Formerly: "main"}})
	k := Key{main1().Endpoint, "shop", testKey(1).ID}
	if c, ok := read.Closed(k); !ok || c.Key != k {
		t.Errorf("by id: %+v", c)
	}
	if c, ok := read.ClosedBySourceNumber(k.Endpoint, "shop", "Amazon", testRef(1).SourceNumber); !ok || c.Key != k {
		t.Errorf("by number: %+v", c)
	}
}

// A name that was one account's can be another's now, and two accounts can be
// of one key: what was sent for an order is found by its id all the same, and
// another call for it is not begun while one is open.
func TestAnOrderIsFoundUnderTheNameOfAnotherAccount(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, s)
	defer func() { must(t, x.Close()) }()
	accepted(t, x, shipping(1))
	open := mustIntend(t, x, shipping(2))
	shop := Account{Endpoint: main1().Endpoint, Name: "shop"}
	x.State().Adopt([]Account{main1(), shop})
	at := func(n int) Key { return Key{shop.Endpoint, "shop", testKey(n).ID} }
	if e := x.State().Remembered(at(1)); e == nil || e.Applied == nil {
		t.Errorf("order 1 is %+v", e)
	}
	in := shipping(2)
	in.Key = at(2)
	if _, err := x.Intend(in); !errors.Is(err, ErrIntentOpen) {
		t.Errorf("beside an open call: %v", err)
	}
	must(t, x.RecordOutcome(open, Outcome{Result: order.Done}))

	// what the other account sends from now on is found too
	in = shipping(3)
	in.Key = at(3)
	accepted(t, x, in)
	if e := x.State().Remembered(testKey(3)); e == nil || e.Applied == nil {
		t.Errorf("order 3 is %+v", e)
	}
}
