package notify

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const canary = "canary-of-a-webhook"

// receiver is a webhook's end: it answers each post as its script says, the
// last entry for ever, and keeps what was posted.
type receiver struct {
	t       testing.TB
	script  []answer
	mu      sync.Mutex // over posts while messages go out: blocks are told side by side
	posts   []post
	release chan struct{} // where not nil, answers wait for it
}

type answer struct {
	status     int
	retryAfter string
	location   string
	err        error
	silent     bool // no answer before the caller gives up
}

type post struct {
	at     time.Time
	host   string
	header http.Header
	body   []byte
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		r.t.Error(err)
	}
	if req.Method != http.MethodPost || req.URL.Path != "/"+canary {
		r.t.Errorf("%s %s", req.Method, req.URL)
	}
	r.mu.Lock()
	r.posts = append(r.posts, post{time.Now(), req.URL.Host, req.Header, body})
	a := answer{status: http.StatusOK}
	if n := len(r.script); n > 0 {
		a = r.script[min(len(r.posts), n)-1]
	}
	r.mu.Unlock()
	if r.release != nil {
		<-r.release
	}
	if a.silent {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	if a.err != nil {
		return nil, a.err
	}
	header := http.Header{}
	header.Set("Retry-After", a.retryAfter)
	header.Set("Location", a.location)
	return &http.Response{StatusCode: a.status, Header: header, Body: io.NopCloser(strings.NewReader("echo of /" + canary))}, nil
}

// memoryStore keeps the memory as a file would: as JSON.
type memoryStore struct {
	t    testing.TB
	file []byte
	err  error // of saving
}

func (s *memoryStore) Update(change func(Memory)) error {
	m := Memory{}
	if s.file != nil {
		if err := json.Unmarshal(s.file, &m); err != nil {
			s.t.Error(err)
		}
	}
	change(m)
	if s.err != nil {
		return s.err
	}
	file, err := json.Marshal(m)
	s.file = file
	return err
}

func (s *memoryStore) memory() Memory {
	m := Memory{}
	if err := json.Unmarshal(s.file, &m); err != nil {
		s.t.Error(err)
	}
	return m
}

// world is a teller of one block, ops, and both its ends.
type world struct {
	receiver *receiver
	store    *memoryStore
	teller   *Notifier
}

func newWorld(t testing.TB, script ...answer) *world {
	w := &world{receiver: &receiver{t: t, script: script}, store: &memoryStore{t: t}}
	w.teller = &Notifier{
		Targets: []Target{target("ops", JSON)}, Store: w.store,
		Sender: Sender{Transport: w.receiver, Now: time.Now, Version: "1.2.3"},
	}
	return w
}

func target(name string, format Format) Target {
	return Target{Name: name, Format: format, On: kinds, URL: &url.URL{Scheme: "https", Host: "hooks.example", Path: "/" + canary}, Secret: "s3cret"}
}

// looks says what a look at some feeds showed: "a" is wrong, "-a" is right,
// "?a" is not known.
func looks(subjects ...string) Look {
	look := Look{Scope: "feeds", Whole: true}
	for _, s := range subjects {
		sight := Sight{Subject: strings.TrimLeft(s, "-?"), State: Wrong, Event: Event{Type: FeedFailed, At: time.Now(), RunID: "run"}}
		switch s[0] {
		case '-':
			sight.State, sight.Event.Type = Right, FeedRecovered
		case '?':
			sight.State, sight.Event.Type = NotKnown, ""
		}
		sight.Event.FeedName = sight.Subject
		look.Sights = append(look.Sights, sight)
	}
	return look
}

// told is what the messages said, one string a message: "+a -b".
func (w *world) told() []string {
	var all []string
	for _, p := range w.receiver.posts {
		var m Message
		if err := json.Unmarshal(p.body, &m); err != nil {
			w.receiver.t.Fatal(err)
		}
		var words []string
		for _, e := range m.Events {
			words = append(words, map[Kind]string{FeedFailed: "+", FeedRecovered: "-"}[e.Type]+e.FeedName)
		}
		all = append(all, strings.Join(words, " "))
	}
	return all
}
