package godatafeed

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
)

// Credentials that no error may show, with characters that URLs escape.
const (
	canaryKey   = "KEY/canary+7f3a=="
	canaryToken = "TOKEN canary/9b1d%+=="
)

// transportFunc is an in-process transport.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// respond makes an answer; header lines are "Name: value".
func respond(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		h.Set(name, value)
	}
	return &http.Response{
		StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// recorder collects what happened, for one goroutine or many.
type recorder struct {
	mu    sync.Mutex
	lines []string
}

func (r *recorder) add(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func (r *recorder) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.lines...)
}

// clientOf returns a client of an in-process transport.
func clientOf(t *testing.T, transport transportFunc, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		Endpoint: "https://api.example", Token: canaryToken, Transport: transport,
		Jitter: func() float64 { return 0 },
	}
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve returns a client of a server on loopback, over the real transport.
func serve(t *testing.T, handler http.HandlerFunc, change ...func(*Options)) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := clientOf(t, nil, append([]func(*Options){func(o *Options) {
		o.Endpoint, o.Transport = server.URL, NewTransport()
	}}, change...)...)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// quickly leaves out the pauses before repetitions, where time is real.
func quickly(o *Options) { o.Jitter = func() float64 { return -1 } }

var someDay = OrderQuery{
	From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	To:   time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
}

func TestNewRefuses(t *testing.T) {
	tests := map[string]struct {
		options Options
		want    string
	}{
		"no credentials":   {Options{}, "neither a consumer key nor a token"},
		"blank key":        {Options{ConsumerKey: " \n"}, "neither a consumer key nor a token"},
		"key of two lines": {Options{ConsumerKey: "abc\ndef"}, "control characters"},
		"user info":        {Options{Token: "t", Endpoint: "https://user:pw-canary@api.example"}, "user name or password"},
		"query":            {Options{Token: "t", Endpoint: "https://api.example/?a=pw-canary"}, "query or a fragment"},
		"bare query":       {Options{Token: "t", Endpoint: "https://api.example/?"}, "query or a fragment"},
		"fragment":         {Options{Token: "t", Endpoint: "https://api.example/#"}, "query or a fragment"},
		"plain http":       {Options{Token: "t", Endpoint: "http://api.example"}, "plain http is for loopback only"},
		"another scheme":   {Options{Token: "t", Endpoint: "ftp://api.example"}, "must begin with https://"},
		"no scheme":        {Options{Token: "t", Endpoint: "api.example"}, "not an address"},
		"no host":          {Options{Token: "t", Endpoint: "https:///v1"}, "not an address"},
		"broken":           {Options{Token: "t", Endpoint: "https://pw-canary%zz"}, "not an address"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := New(tt.options)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("New: %v, want an error with %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "pw-canary") {
				t.Errorf("the error quotes the endpoint: %v", err)
			}
		})
	}
}

func TestNewTakes(t *testing.T) {
	for _, e := range []string{
		"", "https://api.example", "https://api.example:8443/base/", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1",
	} {
		if _, err := New(Options{Endpoint: e, ConsumerKey: "key\n"}); err != nil {
			t.Errorf("New(%q): %v", e, err)
		}
	}
}

func TestRequests(t *testing.T) {
	// What each method sends: the method, the path and query to the letter, the
	// body.
	shipped := time.Date(2026, 11, 20, 11, 28, 0, 999, time.FixedZone("EST", -5*3600))
	ctx := t.Context()
	tests := map[string]struct {
		call func(*Client) error
		want string
	}{
		"count orders": {
			func(c *Client) error {
				_, err := c.CountOrders(ctx, OrderQuery{From: someDay.From, To: someDay.To, Status: order.Cancelled})
				return err
			},
			"GET /v1/tok/Orders/count?fromDate=2026-01-01T00%3A00%3A00&status=CANCELED&toDate=2026-01-02T00%3A00%3A00",
		},
		"list orders": {
			func(c *Client) error { _, err := c.ListOrders(ctx, someDay, 2, 250); return err },
			"GET /v1/tok/Orders?fromDate=2026-01-01T00%3A00%3A00&page=2&pageSize=250&toDate=2026-01-02T00%3A00%3A00",
		},
		"get order": {
			func(c *Client) error { _, err := c.GetOrder(ctx, "tHbu=="); return err },
			"GET /v1/tok/Orders/tHbu==",
		},
		"hostile id":    {get("../../authorization"), "GET /v1/tok/Orders/..%2F..%2Fauthorization"},
		"escaped dots":  {get("%2e%2e"), "GET /v1/tok/Orders/%252e%252e"},
		"dot":           {get("."), "GET /v1/tok/Orders/%2E"},
		"dots":          {get(".."), "GET /v1/tok/Orders/%2E%2E"},
		"question mark": {get("a?b#c;d"), "GET /v1/tok/Orders/a%3Fb%23c%3Bd"},
		"control":       {get("a\r\nHost: b\x00ü"), "GET /v1/tok/Orders/a%0D%0AHost:%20b%00%C3%BC"},
		"ship": {
			func(c *Client) error {
				return c.Ship(ctx, "id", Shipment{Tracking: "1Z&9", Carrier: "UPS", ShippedAt: shipped}, nil)
			},
			`PUT /v1/tok/Orders/id/UpdateStatus {"OrderStatus":"Shipped","ShipmentTrackingNumber":"1Z&9",` +
				`"DateShipped":"2026-11-20T16:28:00Z","DestinationShippingCarrier":"UPS"}`,
		},
		"ship with nothing": {
			func(c *Client) error { return c.Ship(ctx, "id", Shipment{}, nil) },
			`PUT /v1/tok/Orders/id/UpdateStatus {"OrderStatus":"Shipped"}`,
		},
		"cancel": {
			func(c *Client) error { return c.Cancel(ctx, "..", nil) },
			`PUT /v1/tok/Orders/%2E%2E/UpdateStatus {"OrderStatus":"CANCELLED"}`,
		},
		"acknowledge": {
			func(c *Client) error { return c.Acknowledge(ctx, "id", "O 12+3&x='1'", nil) },
			"PUT /v1/tok/Orders/id/AcknowledgeOrder?orderDestinationOrderNumber=O%2012%2B3%26x%3D%271%27",
		},
		"insert": {
			func(c *Client) error { return c.Insert(ctx, []byte(`{"GrandTotal":100.10}`), nil) },
			`PUT /v1/tok/Orders/InsertOrder {"GrandTotal":100.10}`,
		},
		"count feeds": {func(c *Client) error { _, err := c.CountFeeds(ctx, ""); return err }, "GET /v1/tok/feeds/count"},
		"count some feeds": {
			func(c *Client) error { _, err := c.CountFeeds(ctx, "Amazon *"); return err },
			"GET /v1/tok/feeds/count?filterQuery=Amazon%20%2A",
		},
		"list feeds": {
			func(c *Client) error { _, err := c.ListFeeds(ctx, "", 1, 100); return err },
			"GET /v1/tok/feeds?filterQuery=&page=1&pageSize=100",
		},
		"get feed": {func(c *Client) error { _, err := c.GetFeed(ctx, "eWp=="); return err }, "GET /v1/tok/feeds/eWp=="},
		"download": {
			func(c *Client) error { return c.DownloadFeed(ctx, "eWp", into(io.Discard)) },
			"GET /v1/tok/feeds/eWp/download",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got string
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = strings.TrimSpace(r.Method + " " + r.RequestURI + " " + string(body))
				if r.Header.Get("Content-Type") != "application/json" || r.Header.Get("User-Agent") != "gdfctl/test" {
					t.Errorf("headers: %v", r.Header)
				}
				http.Error(w, "{}", http.StatusBadRequest)
			}, func(o *Options) { o.Token, o.UserAgent = "tok", "gdfctl/test" })
			_ = tt.call(c)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

func get(id string) func(*Client) error {
	return func(c *Client) error { _, err := c.GetOrder(context.Background(), id); return err }
}

func TestEndpointWithPath(t *testing.T) {
	var got string
	c := clientOf(t, func(r *http.Request) (*http.Response, error) {
		got = r.URL.String()
		return respond(200, `{"Count":1}`), nil
	}, func(o *Options) { o.Endpoint, o.Token = "https://API.example/a%2Fb/", "t/k" })
	if n, err := c.CountFeeds(t.Context(), ""); n != 1 || err != nil {
		t.Fatalf("CountFeeds = %d, %v", n, err)
	}
	if want := "https://api.example/a%2Fb/v1/t%2Fk/feeds/count"; got != want {
		t.Errorf("URL %s, want %s", got, want)
	}
}

func TestInvalidArgumentsAreNotSent(t *testing.T) {
	ctx := t.Context()
	c := clientOf(t, func(*http.Request) (*http.Response, error) {
		t.Error("a call was made")
		return respond(200, `{}`), nil
	})
	journal := func() error { t.Error("the journal was asked"); return nil }
	bad := someDay
	bad.Status = "unknown:x"
	for name, err := range map[string]error{
		"get":         get("")(c),
		"ship":        c.Ship(ctx, "", Shipment{}, journal),
		"cancel":      c.Cancel(ctx, "", journal),
		"acknowledge": c.Acknowledge(ctx, "id", "", journal),
		"insert":      c.Insert(ctx, nil, journal),
		"page":        second(c.ListOrders(ctx, someDay, 0, 1)),
		"status":      second(c.ListOrders(ctx, bad, 1, 1)),
		"dates":       second(c.CountOrders(ctx, OrderQuery{})),
		"feed":        second(c.GetFeed(ctx, "")),
		"feeds":       second(c.ListFeeds(ctx, "", 1, 0)),
		"download":    c.DownloadFeed(ctx, "", into(io.Discard)),
	} {
		if err == nil || OutcomeOf(err) != Refused {
			t.Errorf("%s: %v (%s), want a refusal", name, err, OutcomeOf(err))
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestOnCall(t *testing.T) {
	var calls []Call
	c := clientOf(t, func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut {
			return respond(200, `{"Success":true,"Token":"t"}`, "Date: Sun, 22 Nov 2026 12:00:00 GMT", "Age: 3"), nil // from a cache
		}
		return respond(403, ``, "Date: Sun, 22 Nov 2026 12:00:00 GMT"), nil
	}, func(o *Options) {
		o.Token, o.ConsumerKey = "", canaryKey
		o.OnCall = func(call Call) { call.Sent, call.Duration = time.Time{}, 0; calls = append(calls, call) }
	})
	_, err := c.CountFeeds(t.Context(), "")
	if !IsDenied(err) {
		t.Errorf("403: %v, want denied", err)
	}
	want := []Call{{Op: OpAuthorize, Status: 200}, {Op: OpCountFeeds, Status: 403, Date: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}
