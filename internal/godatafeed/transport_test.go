package godatafeed

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestOnlyHTTP1(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("spoken: %s", r.Proto)
		}
		_, _ = io.WriteString(w, one)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	transport := NewTransport()
	transport.TLSClientConfig.RootCAs = server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	c := clientOf(t, nil, func(o *Options) { o.Endpoint, o.Transport = server.URL, transport })
	defer c.CloseIdleConnections()
	if _, err := c.CountFeeds(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if transport.TLSClientConfig.MinVersion != tls.VersionTLS12 {
		t.Error("TLS below 1.2 is allowed")
	}
}

func TestUnknownCertificate(t *testing.T) {
	// Nothing was sent, and trying again is useless.
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("called") }))
	server.Config.ErrorLog = discardLog()
	server.StartTLS()
	defer server.Close()
	attempts := 0
	c := clientOf(t, nil, func(o *Options) {
		o.Endpoint, o.Transport, o.OnCall = server.URL, NewTransport(), func(Call) { attempts++ }
	})
	if err := c.Ship(t.Context(), "id", Shipment{}, nil); OutcomeOf(err) != NotExecuted {
		t.Errorf("%v (%s), want not executed", err, OutcomeOf(err))
	}
	attempts = 0
	if _, err := c.CountFeeds(t.Context(), ""); err == nil || attempts != 1 {
		t.Errorf("%v after %d attempts, want an error after one", err, attempts)
	}
}

func TestNobodyListens(t *testing.T) {
	c := clientOf(t, nil, func(o *Options) { o.Endpoint, o.Transport = closedPort(t), NewTransport() })
	err := c.Ship(t.Context(), "id", Shipment{}, nil)
	if OutcomeOf(err) != NotExecuted || !strings.Contains(err.Error(), "no connection") {
		t.Errorf("%v (%s), want no connection, not executed", err, OutcomeOf(err))
	}
}

func TestCancelledWhileDialling(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	transport := NewTransport()
	transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	c := clientOf(t, nil, func(o *Options) { o.Endpoint, o.Transport = "http://127.0.0.1:1", transport })
	err := c.Ship(ctx, "id", Shipment{}, nil)
	if !errors.Is(err, context.Canceled) || OutcomeOf(err) != NotExecuted {
		t.Errorf("%v (%s), want the context's error, not executed", err, OutcomeOf(err))
	}
}

// closedPort is an endpoint that refuses connections.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return "http://" + l.Addr().String()
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.Error("the redirect was followed")
		_, _ = io.WriteString(w, one)
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, other.URL+r.URL.Path, status)
			})
			if err := c.Ship(t.Context(), "id", Shipment{}, nil); OutcomeOf(err) != Unknown || !strings.Contains(err.Error(), "redirect") {
				t.Errorf("Ship: %v (%s)", err, OutcomeOf(err))
			}
			if _, err := c.CountFeeds(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "redirect") {
				t.Errorf("CountFeeds: %v", err)
			}
		})
	}
}

// rawServer reads requests and hands each, with its number on the connection,
// to answer; a false ends the connection. It counts PUTs that it read whole.
func rawServer(t *testing.T, answer func(n int, r *http.Request, w io.Writer) bool) (url string, puts *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	puts = new(atomic.Int32)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer func() { _ = conn.Close() }()
				reader := bufio.NewReader(conn)
				for n := 1; ; n++ {
					r, err := http.ReadRequest(reader)
					if err != nil {
						return
					}
					if _, err := io.Copy(io.Discard, r.Body); err != nil {
						return
					}
					if r.Method == http.MethodPut {
						puts.Add(1)
					}
					if !answer(n, r, conn) {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() { _ = listener.Close(); wg.Wait() })
	return "http://" + listener.Addr().String(), puts
}

func TestPUTIsNeverReplayed(t *testing.T) {
	fine := func(w io.Writer) {
		_, _ = fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(one), one)
	}
	tests := map[string]func(n int, r *http.Request, w io.Writer) bool{
		"closed after the request was read": func(_ int, r *http.Request, w io.Writer) bool {
			if r.Method == http.MethodPut {
				return false
			}
			fine(w)
			return true
		},
		"closed after the head of the answer": func(_ int, r *http.Request, w io.Writer) bool {
			if r.Method == http.MethodPut {
				_, _ = io.WriteString(w, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"Succ")
				return false
			}
			fine(w)
			return true
		},
		"408 on an idle connection": func(_ int, r *http.Request, w io.Writer) bool {
			if r.Method == http.MethodPut {
				_, _ = io.WriteString(w, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
				return false
			}
			fine(w)
			return true
		},
	}
	writes := map[string]func(context.Context, *Client) error{
		"ship":        func(ctx context.Context, c *Client) error { return c.Ship(ctx, "id", Shipment{Tracking: "1"}, nil) },
		"acknowledge": func(ctx context.Context, c *Client) error { return c.Acknowledge(ctx, "id", "O1", nil) },
		"insert":      func(ctx context.Context, c *Client) error { return c.Insert(ctx, []byte(`{}`), nil) },
	}
	for name, answer := range tests {
		for op, call := range writes {
			t.Run(name+"/"+op, func(t *testing.T) {
				url, puts := rawServer(t, answer)
				c := clientOf(t, nil, func(o *Options) { o.Endpoint, o.Transport = url, NewTransport() })
				t.Cleanup(c.CloseIdleConnections)
				// A read first, so that the write is on a connection that was used:
				// that is when net/http sends again what it takes for repeatable.
				if _, err := c.CountFeeds(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
				err := call(t.Context(), c)
				if err == nil || OutcomeOf(err) != Unknown || puts.Load() != 1 {
					t.Errorf("%v (%s) after %d PUTs, want unknown after one", err, OutcomeOf(err), puts.Load())
				}
			})
		}
	}
}

func TestServerThatClosesIdleConnections(t *testing.T) {
	// Each connection takes one request and is closed behind its answer, so
	// that a write may find a dead connection. Whatever happens, it is executed
	// at most once, and a success is never claimed without an execution.
	url, puts := rawServer(t, func(_ int, _ *http.Request, w io.Writer) bool {
		_, _ = fmt.Fprintf(w, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(one), one)
		return false
	})
	c := clientOf(t, nil, func(o *Options) { o.Endpoint, o.Transport = url, NewTransport() })
	t.Cleanup(c.CloseIdleConnections)
	for range 100 {
		before := puts.Load()
		err := c.Ship(t.Context(), "id", Shipment{}, nil)
		executed := puts.Load() - before
		switch {
		case executed > 1:
			t.Fatalf("executed %d times", executed)
		case err == nil && executed != 1, OutcomeOf(err) == NotExecuted && err != nil && executed != 0:
			t.Fatalf("%v (%s), executed %d times", err, OutcomeOf(err), executed)
		}
	}
}

func TestOnlyAskedTransportsProveThatNothingWasSent(t *testing.T) {
	// A transport that is not net/http's reports no connections; its errors
	// must not be taken for "not executed".
	executed := false
	c := clientOf(t, func(*http.Request) (*http.Response, error) {
		executed = true
		return nil, fmt.Errorf("connection reset")
	})
	if err := c.Ship(t.Context(), "id", Shipment{}, nil); OutcomeOf(err) != Unknown || !executed {
		t.Errorf("%v (%s), want unknown", err, OutcomeOf(err))
	}
}

func TestHugeAnswer(t *testing.T) {
	calls := 0
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		chunk := []byte(strings.Repeat(" ", 1<<20))
		for range 17 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	if _, err := c.CountFeeds(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// hang never answers. A server hears of a client that left only after the
// body was read.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func TestServerThatHangs(t *testing.T) {
	c := serve(t, hang, func(o *Options) { o.Timeout = 20 * time.Millisecond }, quickly)
	if err := c.Ship(t.Context(), "id", Shipment{}, nil); OutcomeOf(err) != Unknown || !strings.Contains(err.Error(), "within 20ms") {
		t.Errorf("%v (%s), want a timeout, unknown", err, OutcomeOf(err))
	}
}
