package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// start is when the worlds of the tests are created.
var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// clock is a time that stands still until a test moves it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: start} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// api is a client as simple as can be.
type api struct {
	t     *testing.T
	s     *Sandbox
	base  string
	http  *http.Client
	token string
	clock *clock
}

// answer is any answer of the API.
type answer struct {
	Status  int `json:"-"`
	Header  http.Header
	Raw     string
	Success bool
	Message string
	Token   string
	Count   int
	Orders  []map[string]any
	Feeds   []map[string]any
}

// ids lists the orders of an answer.
func (a answer) ids() []string {
	ids := []string{}
	for _, o := range a.Orders {
		ids = append(ids, o["OrderId"].(string))
	}
	return ids
}

// overSocket serves a sandbox over HTTP on loopback, without a bucket unless
// the options ask for one.
func overSocket(t *testing.T, o Options) *api {
	t.Helper()
	a := newAPI(t, o)
	server := httptest.NewServer(a.s)
	t.Cleanup(server.Close)
	a.base, a.http = server.URL, server.Client()
	// net/http repeats a GET on a kept connection that was cut.
	a.http.Transport.(*http.Transport).DisableKeepAlives = true
	a.authorize()
	return a
}

// inProcess uses the sandbox's own transport.
func inProcess(t *testing.T, o Options) *api {
	t.Helper()
	a := newAPI(t, o)
	a.base, a.http = "https://api.godatafeed.com", &http.Client{Transport: a.s.Transport()}
	a.authorize()
	return a
}

func newAPI(t *testing.T, o Options) *api {
	t.Helper()
	a := &api{t: t, clock: newClock()}
	if o.Now == nil {
		o.Now = a.clock.now
	}
	if o.Burst == 0 {
		o.Burst = -1
	}
	var err error
	if a.s, err = New(o); err != nil {
		t.Fatal(err)
	}
	return a
}

// bothWays runs a test over sockets and in this process.
func bothWays(t *testing.T, o Options, test func(t *testing.T, a *api)) {
	t.Run("socket", func(t *testing.T) { test(t, overSocket(t, o)) })
	t.Run("in process", func(t *testing.T) { test(t, inProcess(t, o)) })
}

func (a *api) authorize() {
	a.t.Helper()
	key := a.s.opts.ConsumerKey
	got, err := a.call("PUT", "/v1/Authorization", `{"ConsumerKey":`+quote(key)+`}`)
	if err == nil && got.Status == 200 {
		a.token = got.Token
	}
}

// get and put call a path below the token; they fail the test when there is no
// answer at all.
func (a *api) get(path string) answer {
	a.t.Helper()
	return a.must("GET", "/v1/"+a.token+path, "")
}

func (a *api) put(path, body string) answer {
	a.t.Helper()
	return a.must("PUT", "/v1/"+a.token+path, body)
}

func (a *api) must(method, path, body string) answer {
	a.t.Helper()
	got, err := a.call(method, path, body)
	if err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

func (a *api) call(method, path, body string) (answer, error) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.base+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	return a.do(req)
}

func (a *api) do(req *http.Request) (answer, error) {
	client := *a.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	got := answer{Status: res.StatusCode, Header: res.Header, Raw: string(raw)}
	if err == nil && strings.HasPrefix(got.Raw, "{") {
		err = json.Unmarshal(raw, &got)
	}
	return got, err
}

// ship is a ship as gdfctl would send it.
func (a *api) ship(id, tracking string) (answer, error) {
	a.t.Helper()
	return a.call("PUT", "/v1/"+a.token+"/Orders/"+url.PathEscape(id)+"/UpdateStatus",
		`{"OrderStatus":"SHIPPED","ShipmentTrackingNumber":`+quote(tracking)+`,"DateShipped":"2026-11-20T11:30:00Z","DestinationShippingCarrier":"UPS"}`)
}

// truth is the truth about one order.
func (a *api) truth(name string) OrderTruth {
	a.t.Helper()
	o, ok := a.s.Order(name)
	if !ok {
		a.t.Fatalf("no order %q", name)
	}
	return o
}

// everything is a filter that lets all orders through.
const everything = "fromDate=2026-01-01T00:00:00&toDate=2027-01-01T00:00:00"

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{
		{DateField: "shipped"},
		{Style: "british"},
		{PageCap: -1},
		{ReadLag: -1},
		{Faults: []Fault{{Op: "ship", Kind: FaultHang}}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("New(%+v) took options that make no sense", o)
		}
	}
}
