package apply_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// onPut calls before with each write on its way.
type onPut struct {
	next   http.RoundTripper
	before func()
}

func (o onPut) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/UpdateStatus") {
		o.before()
	}
	return o.next.RoundTrip(r)
}

// An order whose change is refused is looked at once: if it was canceled, its parcel is
// to be pulled, and the state remembers which.
func TestARefusedOrderIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultSuccessFalse}}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 2)
		w.tune = func(o *apply.Options) { o.Parallelism = 1 }
		w.wire = onPut{w.api.Transport(), func() { w.cancelAll(1) }}
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Failed] != 2 || r.Rereads != 2 {
			t.Fatalf("%v, %+v, %d rereads", err, r.Items, r.Rereads)
		}
		const number = "1Z0000000000000000"
		for _, item := range r.Items {
			if pull := strings.HasSuffix(item.Message, ": PULL PARCEL "+number); pull != (item.Order.SourceNumber == "N-0") {
				t.Errorf("%s: %s", item.Order, item.Message)
			}
		}
		st, _, err := w.store().Read()
		if err != nil {
			t.Fatal(err)
		}
		pulls := 0
		for e := range st.Entries() {
			if e.Pull == nil {
				continue
			}
			if pulls++; e.Ref.SourceNumber != "N-0" || e.Pull.Tracking != number || e.Pull.Carrier != "UPS" || e.Pull.Since.IsZero() {
				t.Errorf("%+v: %+v", e.Ref, e.Pull)
			}
		}
		if pulls != 1 {
			t.Errorf("the state remembers %d parcels", pulls)
		}
	})
}

// A parcel whose order turns out to be canceled before anything is sent is remembered too.
func TestACanceledOrderIsRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 2, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, 2)
		cfg := w.config()
		defer cfg.Close()
		st, _, err := w.store().Read()
		if err != nil {
			t.Fatal(err)
		}
		if w.saved, err = w.plan(t.Context(), cfg, map[string]apply.API{"main": w.client()}, st); err != nil {
			t.Fatal(err)
		}
		for i := range w.saved.Changes {
			w.saved.Changes[i].Read = w.saved.Changes[i].Read.Add(-sixMinutes)
		}
		w.cancelAll(2)
		r, err := w.apply(t.Context())
		w.assertHeldBack(r, err, 2)
		if st, _, err = w.store().Read(); err != nil {
			t.Fatal(err)
		}
		for e := range st.Entries() {
			if e.Pull == nil || !strings.HasPrefix(e.Pull.Tracking, "1Z") {
				t.Errorf("%s: %+v", e.Ref, e.Pull)
			}
		}
		if st.Len() != 2 {
			t.Errorf("%d orders in the state", st.Len())
		}
	})
}

// Where everything is refused, at most fifty orders are looked at.
func TestFewRefusedOrdersAreLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders, most = 60, 50
		w := newWorld(t, orders, sandbox.Options{Faults: []sandbox.Fault{{Op: sandbox.OpUpdateStatus, Kind: sandbox.FaultSuccessFalse}}}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, orders)
		r, err := w.apply(t.Context())
		if err != nil || r.Counts[apply.Failed] != orders || r.Rereads != most {
			t.Fatalf("%v, %+v, %d rereads", err, r.Counts, r.Rereads)
		}
	})
}
