package godatafeed

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var errLeaseLost = errors.New("the lease is lost")

// guardedServer is a server on loopback, with or without encryption, and a client of
// it over the real transport.
func guardedServer(t *testing.T, encrypted bool, handler http.HandlerFunc, change ...func(*Options)) (*Client, *httptest.Server) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = discardLog()
	transport := NewTransport()
	if encrypted {
		server.StartTLS()
		transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	c := clientOf(t, nil, append([]func(*Options){func(o *Options) { o.Endpoint, o.Transport = server.URL, transport }}, change...)...)
	t.Cleanup(c.CloseIdleConnections)
	return c, server
}

func onBoth(t *testing.T, test func(t *testing.T, encrypted bool)) {
	t.Run("plain", func(t *testing.T) { test(t, false) })
	t.Run("encrypted", func(t *testing.T) { test(t, true) })
}

// A gate can close between any two steps of a call: it is asked before a connection
// is looked for, and again when the bytes are about to leave, on a new connection
// and on a kept one. Refused at either, nothing arrives.
func TestNothingLeavesThroughAClosedGate(t *testing.T) {
	onBoth(t, func(t *testing.T, encrypted bool) {
		for _, kept := range []bool{false, true} {
			var arrived atomic.Int32
			c, _ := guardedServer(t, encrypted, func(w http.ResponseWriter, _ *http.Request) {
				arrived.Add(1)
				_, _ = io.WriteString(w, `{"Success": true}`)
			})
			asked := 0
			// closesAt is a gate that lets through so many times.
			closesAt := func(n int) context.Context {
				asked = 0
				return Gated(t.Context(), func() error {
					if asked++; asked > n {
						return errLeaseLost
					}
					return nil
				})
			}
			for n := range 2 {
				if kept {
					if err := c.Cancel(closesAt(2), "id", nil); err != nil || asked != 2 {
						t.Fatalf("%v after %d questions, want 2", err, asked)
					}
				}
				before := arrived.Load()
				err := c.Ship(closesAt(n), "id", Shipment{Tracking: "1Z"}, nil)
				if !errors.Is(err, errLeaseLost) || OutcomeOf(err) != NotExecuted || !strings.Contains(err.Error(), "not sent: the lease is lost") {
					t.Errorf("kept %t, closed at question %d: %v (%s)", kept, n+1, err, OutcomeOf(err))
				}
				if got := arrived.Load() - before; got != 0 || asked != n+1 {
					t.Errorf("kept %t, closed at question %d: %d calls arrived after %d questions", kept, n+1, got, asked)
				}
				c.CloseIdleConnections()
			}
		}
	})
}

// A call that is made again after 401, with another token, passes the gate again.
func TestEachAttemptPassesTheGate(t *testing.T) {
	onBoth(t, func(t *testing.T, encrypted bool) {
		var puts atomic.Int32
		c, _ := guardedServer(t, encrypted, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/Authorization"):
				_, _ = io.WriteString(w, `{"Success": true, "Token": "new"}`)
			case puts.Add(1) == 1:
				w.WriteHeader(http.StatusUnauthorized)
			default:
				t.Error("the second attempt arrived")
			}
		}, func(o *Options) { o.ConsumerKey = canaryKey })
		held := true
		ctx := Gated(t.Context(), func() error {
			if !held {
				return errLeaseLost
			}
			return nil
		})
		if err := c.Cancel(ctx, "id", nil); OutcomeOf(err) != NotExecuted || IsDenied(err) {
			t.Fatalf("the first attempt: %v", err)
		}
		if _, err := c.tokens.get(ctx, c.authorize); err != nil {
			t.Fatal(err)
		}
		questions := 0
		ctx = Gated(t.Context(), func() error {
			if questions++; questions > 1 {
				return errLeaseLost // while the call was on its way to a kept connection
			}
			return nil
		})
		if err := c.Cancel(ctx, "id", nil); !errors.Is(err, errLeaseLost) || OutcomeOf(err) != NotExecuted {
			t.Errorf("the second attempt: %v", err)
		}
	})
}

// Reads and the fetching of a token have no effect: they go on without a lease.
func TestReadsPassNoGate(t *testing.T) {
	c, _ := guardedServer(t, false, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/Authorization") {
			_, _ = io.WriteString(w, `{"Success": true, "Token": "new"}`)
			return
		}
		_, _ = io.WriteString(w, one)
	}, func(o *Options) { o.ConsumerKey = canaryKey })
	ctx := Gated(t.Context(), func() error { return errLeaseLost })
	if err := c.Cancel(ctx, "id", nil); OutcomeOf(err) != NotExecuted {
		t.Errorf("a write: %v", err)
	}
	if _, err := c.CountFeeds(ctx, ""); err != nil {
		t.Errorf("a read: %v", err)
	}
}

// A transport without connections is asked for before it gets the request.
func TestATransportWithoutConnectionsHasAGate(t *testing.T) {
	c := clientOf(t, func(*http.Request) (*http.Response, error) {
		t.Error("sent")
		return nil, io.EOF
	})
	ctx := Gated(t.Context(), func() error { return errLeaseLost })
	if err := c.Ship(ctx, "id", Shipment{}, nil); !errors.Is(err, errLeaseLost) || OutcomeOf(err) != NotExecuted {
		t.Errorf("%v (%s)", err, OutcomeOf(err))
	}
}

// Once the gate was passed a call has left, whatever happens next; one that ended
// while its gate was asked has not.
func TestTheGateIsTheLastThingBeforeTheBytes(t *testing.T) {
	onBoth(t, func(t *testing.T, encrypted bool) {
		arrived := make(chan struct{}, 1)
		c, server := guardedServer(t, encrypted, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then it learns of a connection's end
			arrived <- struct{}{}
			<-r.Context().Done()
		})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-arrived
			cancel()
		}()
		if err := c.Ship(Gated(ctx, func() error { return nil }), "id", Shipment{}, nil); OutcomeOf(err) != Unknown {
			t.Errorf("given up after it left: %v (%s)", err, OutcomeOf(err))
		}

		ctx, cancel = context.WithCancel(t.Context())
		questions := 0
		err := c.Ship(Gated(ctx, func() error {
			if questions++; questions == 2 {
				cancel()
			}
			return nil
		}), "id", Shipment{}, nil)
		server.CloseClientConnections()
		server.Close() // waits for what is under way
		if OutcomeOf(err) != NotExecuted || len(arrived) > 0 {
			t.Errorf("given up while the gate was asked: %v (%s), %d arrived", err, OutcomeOf(err), len(arrived))
		}
	})
}

// Of a call that is longer than one piece, a part can have left when the gate
// closes: then its outcome is unknown.
func TestAPartThatLeftIsNotNothing(t *testing.T) {
	questions := 0
	c, _ := guardedServer(t, false, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	err := c.Ship(Gated(t.Context(), func() error {
		if questions++; questions > 2 {
			return errLeaseLost
		}
		return nil
	}), "id", Shipment{Tracking: strings.Repeat("1", 1<<20)}, nil)
	if OutcomeOf(err) != Unknown || !errors.Is(err, errLeaseLost) || !strings.Contains(err.Error(), "not sent to its end") {
		t.Errorf("%v (%s)", err, OutcomeOf(err))
	}
}

// A server that reads slowly must not get the rest of a call that was given up: the
// kernel has all of it by then.
func TestAWriteThatTimedOutIsNotDeliveredLater(t *testing.T) {
	const length = 300 << 10 // more than the server takes in without reading it
	onBoth(t, func(t *testing.T, encrypted bool) {
		unstarted := httptest.NewUnstartedServer(nil)
		unstarted.StartTLS()
		defer unstarted.Close()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		gaveUp, got := make(chan struct{}), make(chan int, 1)
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				got <- -1
				return
			}
			defer conn.Close()
			if encrypted {
				secure := tls.Server(conn, unstarted.TLS)
				_ = secure.Handshake()
				conn = secure
			}
			<-gaveUp
			n, _ := io.Copy(io.Discard, conn)
			got <- int(n)
		}()
		transport := NewTransport()
		transport.TLSClientConfig.RootCAs = unstarted.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		transport.DialContext = Guarded(func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err == nil {
				err = conn.(*net.TCPConn).SetWriteBuffer(4 * length)
			}
			return conn, err
		})
		scheme := "http://"
		if encrypted {
			scheme = "https://"
		}
		c := clientOf(t, nil, func(o *Options) {
			o.Endpoint, o.Transport, o.Timeout = scheme+listener.Addr().String(), transport, 300*time.Millisecond
		})
		err = c.Ship(t.Context(), "id", Shipment{Tracking: strings.Repeat("1", length)}, nil)
		close(gaveUp)
		if OutcomeOf(err) != Unknown {
			t.Errorf("%v (%s), want unknown", err, OutcomeOf(err))
		}
		if n := <-got; n < 0 || n >= length {
			t.Errorf("the server got %d bytes of a call of %d that had been given up", n, length)
		}
	})
}
