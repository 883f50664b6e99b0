package s3log

import (
	"bytes"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// gate stands between a place and the real gateway, and does to requests what a
// test wants.
type gate struct {
	server *httptest.Server
	target http.Handler

	mu    sync.Mutex
	fault func(request) fault
	seen  []request
	held  []request
}

// request is one that came.
type request struct {
	n            int    // since the fault was set
	method, name string // such as "PUT" and "log/0000000000000001.json"; of a listing "LIST" and its prefix
	http         *http.Request
	body         []byte
}

// fault is what becomes of a request.
type fault struct {
	first   func() // happens before the request does
	execute bool
	then    func()                      // happens when it was executed
	answer  func(w http.ResponseWriter) // instead of the gateway's; nil: that
	cut     bool                        // no answer
	hold    bool                        // no answer, and it is executed when the test says so
}

var passOn = fault{execute: true}

// behindGate leads to a bucket through a gate.
func behindGate(t *testing.T, b stores.Bucket) (*gate, stores.Bucket) {
	t.Helper()
	target, err := url.Parse(b.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{target: &httputil.ReverseProxy{ErrorLog: log.New(io.Discard, "", 0), Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}}
	g.server = httptest.NewServer(g)
	t.Cleanup(g.server.Close)
	b.Endpoint = g.server.URL
	return g, b
}

// set sets what becomes of requests from now on, and forgets those that came.
func (g *gate) set(fault func(request) fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fault, g.seen = fault, nil
}

// on lets something become of the first request with this method whose name begins so.
func (g *gate) on(method, name string, f fault) {
	var once sync.Once
	g.set(func(r request) fault {
		became := passOn
		if r.method == method && strings.HasPrefix(r.name, name) {
			once.Do(func() { became = f })
		}
		return became
	})
}

func (g *gate) requests(method, name string) []request {
	g.mu.Lock()
	defer g.mu.Unlock()
	var found []request
	for _, r := range g.seen {
		if r.method == method && strings.HasPrefix(r.name, name) {
			found = append(found, r)
		}
	}
	return found
}

func (g *gate) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, name, _ := strings.Cut(req.URL.Path, "/shop/main/")
	r := request{method: req.Method, name: name, http: req, body: body}
	if prefix := req.URL.Query().Get("prefix"); prefix != "" {
		r.method, r.name = "LIST", strings.TrimPrefix(prefix, "shop/main/")
	}
	g.mu.Lock()
	r.n = len(g.seen)
	g.seen = append(g.seen, r)
	decide := g.fault
	g.mu.Unlock()
	f := passOn
	if decide != nil {
		f = decide(r)
	}
	if f.first != nil {
		f.first()
	}
	if f.hold {
		g.mu.Lock()
		g.held = append(g.held, r)
		g.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	answer := httptest.NewRecorder()
	if f.execute {
		g.target.ServeHTTP(answer, r.again(req))
	}
	if f.then != nil {
		f.then()
	}
	switch {
	case f.cut:
		panic(http.ErrAbortHandler)
	case f.answer != nil:
		f.answer(w)
	default:
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = io.Copy(w, answer.Body)
	}
}

// again is a request with its body to read again.
func (r request) again(req *http.Request) *http.Request {
	req = req.Clone(req.Context())
	req.Body = io.NopCloser(bytes.NewReader(r.body))
	return req
}

// release executes what was held, and returns the statuses that nobody hears of.
func (g *gate) release(t *testing.T) []int {
	t.Helper()
	g.mu.Lock()
	held := g.held
	g.held = nil
	g.mu.Unlock()
	var statuses []int
	for _, r := range held {
		answer := httptest.NewRecorder()
		g.target.ServeHTTP(answer, r.again(r.http.Clone(t.Context())))
		statuses = append(statuses, answer.Code)
	}
	return statuses
}

// says is an answer as stores give it.
func says(status int, code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n<Error><Code>"+code+"</Code><Message>of "+canary+"</Message><RequestId>1</RequestId></Error>")
	}
}

// canary is a word that no error shows.
const canary = "CANARY-of-a-foreign-message"
