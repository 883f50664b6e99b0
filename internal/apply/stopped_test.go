package apply_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/state/backend"
)

// pipes is a network in memory, on which a server listens.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	dialed func()             // before a connection is made
	out    func(bytes []byte) // before the network takes a client's bytes
	piece  int                // how much it takes at once; 0: all of a call
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	p.dialed()
	here, there := net.Pipe()
	p.conns <- there
	return &tappedConn{here, p.out}, nil
}

type tappedConn struct {
	net.Conn
	out func([]byte)
}

func (c *tappedConn) Write(b []byte) (int, error) {
	c.out(b)
	return c.Conn.Write(b)
}

// connected serves the world's API over connections, as the real client makes them.
func (w *world) connected(t *testing.T, p *pipes) {
	p.conns, p.closed = make(chan net.Conn), make(chan struct{})
	server := &http.Server{Handler: w.api, ReadHeaderTimeout: time.Hour}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(p) })
	transport := &http.Transport{DialContext: godatafeed.Guarded(p.dial), DisableKeepAlives: true, WriteBufferSize: p.piece}
	w.wire = transport
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		close(p.closed)
		_ = server.Close()
		serving.Wait()
	})
}

// stops are the places at which a call's process can be stopped.
type stops struct {
	apply.API
	entered, asked, passed func()
}

func (s *stops) Ship(ctx context.Context, id string, sh godatafeed.Shipment, before godatafeed.BeforeSend) error {
	s.entered()
	return s.API.Ship(ctx, id, sh, func() error {
		s.asked()
		err := before()
		s.passed()
		return err
	})
}

// A process is stopped at each place of a call for longer than its lease, and another
// one has the state when it goes on. Nothing is sent then, but from behind the last
// question: that call is counted, and its outcome recorded.
func TestAProcessThatWasStoppedPastItsLeaseSendsNothing(t *testing.T) {
	const before, inLimiter, after, checked, connecting, last = "before the limiter", "in the limiter",
		"after the limiter", "after the last checks", "while it connects", "behind the last question"
	for _, err := range []error{
		&backend.FencedError{Path: "s3", Reason: "another run took over"},
		&backend.UncertainError{Path: "s3", Reason: "the last record is 181 s old"},
	} {
		for _, place := range []string{before, inLimiter, after, checked, connecting, last} {
			t.Run(place, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { stopAt(t, place, err, place == last) })
			})
		}
	}
}

func stopAt(t *testing.T, place string, lost error, sends bool) {
	const orders = 5
	w := newWorld(t, orders, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
	shipAll(w, 0, orders)
	w.timeout = 10 * time.Minute // a stopped process has no timers either
	writing := false
	var stopped atomic.Bool
	stop := func(at string) func() {
		return func() {
			if at == place && writing && stopped.CompareAndSwap(false, true) {
				time.Sleep(lease + time.Second)
				w.distant.lose(lost)
			}
		}
	}
	dialed := stop("while it connects")
	w.connected(t, &pipes{dialed: func() { dialed() }, out: func(b []byte) {
		if bytes.HasPrefix(b, []byte("PUT ")) && bytes.Contains(b, []byte("/UpdateStatus")) {
			stop("behind the last question")()
		}
	}})
	w.limit = godatafeed.LimiterOptions{Burst: 1, PerSecond: 1, Sleep: func(ctx context.Context, d time.Duration) error {
		time.Sleep(d)
		stop("in the limiter")()
		return ctx.Err()
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	w.tune = func(o *apply.Options) {
		o.Parallelism = 1
		o.APIs["main"] = &stops{
			API: w.client(), asked: stop("after the limiter"), passed: stop("after the last checks"),
			entered: func() {
				writing = true
				stop("before the limiter")()
			},
		}
	}
	w.far(nil)
	r, err := w.apply(ctx)
	want := 0
	if sends {
		want = 1
	}
	if got := len(w.api.Ledger()); got != want || r.Calls != want || r.Counts[apply.Applied] != want {
		t.Errorf("%d were sent, %d counted, %+v, want %d", got, r.Calls, r.Counts, want)
	}
	if r.Counts[apply.Unknown] > 0 || w.distant.outcomes[order.NotSent] == 0 || w.distant.outcomes[order.Unknown] > 0 {
		t.Errorf("outcomes %v, %+v", w.distant.outcomes, r.Counts)
	}
	if fenced := (*backend.FencedError)(nil); errors.As(lost, &fenced) && err == nil {
		t.Error("the run did not say that the state is lost")
	}
	assertNothingOpen(t, w)
}

// Where the state is lost when a piece of a call has left, that call is not one that
// was not sent: its outcome is unknown, and the next run looks it up.
func TestACallThatLeftInPartIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const orders = 5
		w := newWorld(t, orders, sandbox.Options{}, account("")+shipAll(nil, 0, 0))
		shipAll(w, 0, orders)
		w.connected(t, &pipes{piece: 64, dialed: func() {}, out: func(b []byte) {
			if bytes.HasPrefix(b, []byte("PUT ")) && w.distant != nil && len(w.distant.windows) > 0 {
				w.distant.lose(&backend.FencedError{Path: "s3", Reason: "another run took over"})
			}
		}})
		w.tune = func(o *apply.Options) { o.Parallelism = 1 }
		w.far(nil)
		r, err := w.apply(t.Context())
		if err == nil || r.Counts[apply.Unknown] != 1 || r.Calls != 1 || w.distant.outcomes[order.NotSent] != orders-1 {
			t.Errorf("%v, %d calls, %+v, outcomes %v", err, r.Calls, r.Counts, w.distant.outcomes)
		}
		st, _, err := w.store().Read()
		if err != nil {
			t.Fatal(err)
		}
		if open := slices.Collect(st.OpenIntents()); len(open) != 1 {
			t.Errorf("%d calls are open, want the one that left in part", len(open))
		}
	})
}
