package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// inBubble is a client within a bubble of testing/synctest, on fake time.
func inBubble(t *testing.T, o Options) *api {
	t.Helper()
	o.Now, o.Burst = time.Now, -1
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	a := &api{t: t, s: s, base: "http://sandbox", http: &http.Client{Transport: s.Transport()}}
	a.authorize()
	return a
}

func TestClientGivesUpOnAHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inBubble(t, Options{Faults: []Fault{{Op: OpUpdateStatus, Kind: FaultHang, Effect: true}}})
		a.http.Timeout = time.Minute
		began := time.Now()
		_, err := a.ship(Samples()[0].ID, "1Z")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute {
			t.Errorf("after %s: %v, want a deadline after a minute", time.Since(began), err)
		}
		if n := len(a.s.Ledger()); n != 1 {
			t.Errorf("%d writes took effect, want 1", n)
		}
	})
}

func TestLateWriteOutlivesItsClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inBubble(t, Options{
			Faults:      []Fault{{Op: OpUpdateStatus, Kind: FaultCutAfter}},
			ExecuteLate: func() time.Duration { return 5 * time.Minute },
		})
		if _, err := a.ship(Samples()[0].ID, "1Z"); err == nil {
			t.Fatal("the connection was not cut")
		}
		for _, want := range []int{0, 1} {
			if n := len(a.s.Ledger()); n != want {
				t.Errorf("%d writes took effect, want %d", n, want)
			}
			time.Sleep(5 * time.Minute)
		}
	})
}

func TestSlowBodyTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inBubble(t, Options{Faults: []Fault{{Op: OpListOrders, Kind: FaultSlowBody, Delay: time.Minute}}})
		path := "/Orders?page=1&pageSize=100&" + everything
		began := time.Now()
		if got := a.get(path); time.Since(began) != time.Minute || !got.Success {
			t.Errorf("the body took %s", time.Since(began))
		}
		a.http.Timeout = 30 * time.Second
		if _, err := a.call("GET", "/v1/"+a.token+path, ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want a deadline in the middle of the body", err)
		}
	})
}

// TestClosedBodyLetsTheHandlerGo: the bubble fails a test whose goroutines
// never end.
func TestClosedBodyLetsTheHandlerGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := inBubble(t, Options{Faults: []Fault{{Op: OpListOrders, Kind: FaultSlowBody, Delay: time.Hour}}})
		res, err := a.http.Get(a.base + "/v1/" + a.token + "/Orders?page=1&pageSize=100&" + everything)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(res.Body, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		synctest.Wait()
	})
}

func TestCancelledRequestIsNotServed(t *testing.T) {
	a := inProcess(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, "PUT", a.base+"/v1/"+a.token+"/Orders/x/UpdateStatus", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.s.Transport().RoundTrip(req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if byOp, _ := a.s.Calls(); byOp[OpUpdateStatus] != 0 {
		t.Error("the request was counted")
	}
}

func TestHead(t *testing.T) {
	bothWays(t, Options{}, func(t *testing.T, a *api) {
		if got := a.must("HEAD", "/", ""); got.Status != 404 || got.Raw != "" {
			t.Errorf("got %d %q, want 404 without a body", got.Status, got.Raw)
		}
	})
}
