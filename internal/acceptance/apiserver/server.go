package apiserver

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// The operations, as calls are counted and faults are chosen by.
const (
	Authorize   = "authorize"
	Count       = "count"
	List        = "list"
	Get         = "get"
	Ship        = "ship"
	Cancel      = "cancel"
	Acknowledge = "acknowledge"
	Insert      = "insert"
)

// Options are a server's ways where the documents leave room. The zero value
// behaves as the examples of the reference, without a call limit.
type Options struct {
	ConsumerKey string
	TokenPrefix string // every token is this and a number
	Prefix      string // a path segment that may precede those of the API
	Orders      []Order
	Feeds       []Feed // Configure may change them

	OtherStyle bool // see style.go
	PageCap    int  // the largest page that is served; 0: none
	Hidden     int  // so many orders are counted and never listed
	Contradict int  // so many pages show their first order once more, as canceled
	Arrivals   int  // new orders that arrive before each page is served

	NewestFirst bool                  // listings, as in the other style
	ByArrival   bool                  // the date that listings are filtered by, as in the other style
	Arrived     func(Order) time.Time // when an order came into GoDataFeed; nil: some minutes after it was placed
	ClockOffset time.Duration         // how far the Date of answers is ahead of this machine's clock

	Burst     int // 0: no call limit
	PerSecond float64

	ReadLag    time.Duration        // reads show a change only so much later
	Behind     func(id string) int  // reads show an order as it was before so many of its last changes, however old they are
	WriteDelay func() time.Duration // a write takes effect so much later, even if its client is gone

	// Intercept is asked before each call is answered; nil lets it pass.
	Intercept func(Call) *Fault
}

// Call is one call of the API, as Intercept sees it.
type Call struct {
	Op      string
	N       int    // counts the calls of this operation from 1
	OrderID string // or the feed's; empty where the call is about none
	Token   string
	Server  *Server // the one that was called: an Intercept may exist before it does
}

// Server is a running API. Its methods are safe for concurrent use.
type Server struct {
	URL  string
	http *httptest.Server

	mu         sync.Mutex
	o          Options
	orders     map[string]*record
	calls      map[string]int
	total      int
	throttled  int
	tokens     map[string]bool
	complaints []string
	underWay   map[string]int // writes by order id
	level      float64        // of the bucket
	leakedAt   time.Time
	arrived    int
	inserted   int
	executing  sync.WaitGroup
	quit       chan struct{} // closed: nothing is held up any more
}

// Start serves on loopback until Close.
func Start(o Options) *Server {
	s := &Server{
		o: o, orders: map[string]*record{}, calls: map[string]int{}, tokens: map[string]bool{},
		underWay: map[string]int{}, leakedAt: time.Now(), quit: make(chan struct{}),
	}
	for _, order := range o.Orders {
		s.orders[order.ID] = newRecord(order)
	}
	s.http = httptest.NewServer(s)
	s.URL = s.http.URL
	return s
}

// Close ends the server after the writes under way took effect.
func (s *Server) Close() {
	close(s.quit)
	s.executing.Wait()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Configure changes the server's ways from now on.
func (s *Server) Configure(change func(*Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.o)
}

func (s *Server) options() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o := s.options()
	w.Header().Set("Date", time.Now().Add(o.ClockOffset).UTC().Format(http.TimeFormat))
	segments, ok := pathSegments(r.URL)
	if len(segments) > 0 && o.Prefix != "" && segments[0] == o.Prefix {
		segments = segments[1:]
	}
	if !ok || len(segments) < 2 || !strings.EqualFold(segments[0], "v1") {
		s.complain("no resource of the API: %s", r.URL.EscapedPath())
		notFound(w)
		return
	}
	if s.overflows() {
		refuse(w, http.StatusTooManyRequests, "Slow down!")
		return
	}
	if len(segments) == 2 && strings.EqualFold(segments[1], "Authorization") {
		s.authorize(w, r)
		return
	}
	token, resource := segments[1], segments[2:]
	if !s.knows(token) {
		refuse(w, http.StatusUnauthorized, "Your API key is not authorized.")
		return
	}
	q := r.URL.Query()
	switch {
	case len(resource) > 0 && resource[0] == "feeds":
		s.feeds(w, r, token, resource[1:])
		return
	case len(resource) == 0 || !strings.EqualFold(resource[0], "Orders"):
	case r.Method == http.MethodGet && len(resource) == 2 && resource[1] == "count":
		s.count(w, token, q)
		return
	case r.Method == http.MethodGet && len(resource) == 1:
		s.list(w, token, q)
		return
	case r.Method == http.MethodGet && len(resource) == 2:
		s.get(w, token, resource[1])
		return
	case r.Method == http.MethodPut && len(resource) == 2 && resource[1] == "InsertOrder":
		s.insert(w, r, token)
		return
	case r.Method == http.MethodPut && len(resource) == 3 && resource[2] == "UpdateStatus":
		s.updateStatus(w, r, token, resource[1])
		return
	case r.Method == http.MethodPut && len(resource) == 3 && resource[2] == "AcknowledgeOrder":
		s.acknowledge(w, token, resource[1], q)
		return
	}
	s.complain("no resource of the API: %s %v", r.Method, resource)
	notFound(w)
}

// pathSegments unescapes the path segment by segment: an id may hold a slash.
func pathSegments(u *url.URL) ([]string, bool) {
	var segments []string
	for _, raw := range strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/") {
		segment, err := url.PathUnescape(raw)
		if err != nil || segment == "" {
			return nil, false
		}
		segments = append(segments, segment)
	}
	return segments, true
}

// overflows pours one call into the leaky bucket, and reports whether it did
// not fit.
func (s *Server) overflows() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total++
	if s.o.Burst == 0 {
		return false
	}
	now := time.Now()
	s.level = max(0, s.level-now.Sub(s.leakedAt).Seconds()*s.o.PerSecond)
	s.leakedAt = now
	if s.level+1 > float64(s.o.Burst) {
		s.throttled++
		return true
	}
	s.level++
	return false
}

// begin counts a call and asks for its fault. One that only holds the call up
// is over with it.
func (s *Server) begin(op, token, id string) *Fault {
	s.mu.Lock()
	s.calls[op]++
	n, intercept := s.calls[op], s.o.Intercept
	s.mu.Unlock()
	if intercept == nil {
		return nil
	}
	fault := intercept(Call{Op: op, N: n, OrderID: id, Token: token, Server: s})
	if fault == nil {
		return nil
	}
	own := *fault
	own.quit = s.quit
	if own.Then {
		own.wait()
		return nil
	}
	return &own
}

func (s *Server) knows(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[token]
}

// RevokeTokens makes every token that was given out worthless.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

func (s *Server) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.complaints = append(s.complaints, fmt.Sprintf(format, args...))
}

// Complaints lists what clients did that the documents don't describe.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.complaints)
}

// Calls is how many calls of an operation were answered, faults included;
// those that the call limit refused are not among them.
func (s *Server) Calls(op string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[op]
}

// Writes is how many calls asked to change an order.
func (s *Server) Writes() int { return s.Calls(Ship) + s.Calls(Cancel) + s.Calls(Acknowledge) }

// Total is how many calls arrived, whatever became of them.
func (s *Server) Total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// Throttled is how many calls the limit refused.
func (s *Server) Throttled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.throttled
}
