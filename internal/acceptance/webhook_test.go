package acceptance

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

const (
	webhookPath   = "wEbhook-canary-path"
	webhookSecret = "wEbhook-canary-secret"
)

// webhook is who is told: a server that fails as it is told to, and keeps what
// it took.
type webhook struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	failures int // to come, before messages are taken
	status   int // of failures
	attempts int
	taken    []message
	gate     chan struct{} // where not nil, answers wait until it is closed
}

// message is what these tests read of what docs/json.md says that a webhook is
// sent.
type message struct {
	FormatVersion string         `json:"format_version"`
	Notify        string         `json:"notify"`
	Counts        map[string]int `json:"counts"`
	Omitted       int            `json:"omitted"`
	Events        []struct {
		Type, Account, Message               string
		Watch, Rule, Result, Severity, Value string

		At       string `json:"at"`
		RunID    string `json:"run_id"`
		FeedID   string `json:"feed_id"`
		FeedName string `json:"feed_name"`
		Order    *struct {
			Number string `json:"source_order_number"`
		} `json:"order"`
	} `json:"events"`
}

// told starts a webhook and makes its address and secret known to the program,
// which must never show them.
func (w *world) told() *webhook {
	w.t.Helper()
	h := &webhook{t: w.t, status: http.StatusInternalServerError}
	h.Server = httptest.NewServer(h)
	w.t.Cleanup(h.Close)
	w.secrets = append(w.secrets, webhookPath, webhookSecret)
	w.extra = append(w.extra, "OPS_WEBHOOK="+h.URL+"/"+webhookPath, "OPS_SECRET="+webhookSecret, "GDF_ALLOWED_HOSTS=127.0.0.1")
	return h
}

func (h *webhook) fail(times, status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures, h.status, h.attempts = times, status, 0
}

// hold lets answers wait until the function that it returns is called.
func (h *webhook) hold() (release func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gate = make(chan struct{})
	return sync.OnceFunc(func() { close(h.gate) })
}

func (h *webhook) tried() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.attempts > 0
}

func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	h.mu.Lock()
	h.attempts++
	gate := h.gate
	h.mu.Unlock()
	if gate != nil {
		<-gate
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err != nil || r.Method != http.MethodPost || r.URL.Path != "/"+webhookPath || r.Header.Get("Content-Type") != "application/json":
		h.t.Errorf("%s %s, %q, %v", r.Method, r.URL, r.Header.Get("Content-Type"), err)
	case !signed(r.Header.Get("X-Gdfctl-Signature"), body):
		h.t.Errorf("the signature is not that of the body: %q", r.Header.Get("X-Gdfctl-Signature"))
	}
	if h.failures > 0 {
		h.failures--
		w.Header().Set("Location", h.URL+"/redirected")
		w.WriteHeader(h.status)
		return
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil || m.FormatVersion != "2.0" || m.Notify != "ops" {
		h.t.Errorf("%v: %s", err, body)
	}
	h.taken = append(h.taken, m)
}

// signed checks a signature as the documents say how to.
func signed(header string, body []byte) bool {
	at, signature, _ := strings.Cut(strings.TrimPrefix(header, "t="), ",v1=")
	mac := hmac.New(sha256.New, []byte(webhookSecret))
	fmt.Fprintf(mac, "%s.%s", at, body)
	given, err := hex.DecodeString(signature)
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

// news is what was taken since the last call, and how many posts it took.
func (h *webhook) news() (messages []message, attempts int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	messages, attempts = h.taken, h.attempts
	h.taken, h.attempts = nil, 0
	return messages, attempts
}

// one is the only message since the last look, which has so many events.
func (h *webhook) one(events int) message {
	h.t.Helper()
	messages, _ := h.news()
	if len(messages) != 1 || len(messages[0].Events) != events {
		h.t.Fatalf("want one message with %d events: %+v", events, messages)
	}
	return messages[0]
}

// quiet fails if anything was told since the last look.
func (h *webhook) quiet() {
	h.t.Helper()
	if messages, _ := h.news(); len(messages) > 0 {
		h.t.Errorf("nothing was to be told: %+v", messages)
	}
}

const notifyOps = `
notify "ops" {
  webhook = env.OPS_WEBHOOK
  secret  = env.OPS_SECRET
}
`
