package reconcile_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// shop is a seller with a configuration, and the simulated API behind a
// transport. Everything runs on the test's fake time.
type shop struct {
	*testing.T
	dir  string
	api  *sandbox.Sandbox
	deps reconcile.Deps

	events []string    // the types of the events of the last use case, one for those in a row
	mu     *sync.Mutex // calls and messages can be made at the same time; guards posted and called
	posted []string    // bodies of messages to webhooks
	onPost func()      // is called for each message

	seen func(reconcile.Event) // is called for each event; may be nil

	called func() // is called for each call of the API; may be nil

	policies []string // directories of policies
}

const webhookHost = "hooks.example.com"

func newShop(t *testing.T, config string) *shop {
	t.Helper()
	s := &shop{T: t, dir: t.TempDir(), onPost: func() {}, mu: new(sync.Mutex)}
	s.write("main.hcl", config)
	api, err := sandbox.New(sandbox.Options{Orders: -1, Feeds: 2, Burst: -1})
	if err != nil {
		t.Fatal(err)
	}
	s.api = api
	env := map[string]string{
		"GDF_CONSUMER_KEY": sandbox.DefaultConsumerKey, "GDF_CACHE_DIR": filepath.Join(s.dir, "cache"),
		"GDF_ALLOWED_HOSTS": webhookHost, "HOOK": "https://" + webhookHost + "/secret",
	}
	s.deps = reconcile.Deps{
		Env: func(name string) string { return env[name] }, Now: time.Now, Version: "1.2.3",
		Provenance: provenance.Provenance{Who: "ann", Host: "build-7"}, Transport: s,
	}
	return s
}

func (s *shop) write(name, content string) {
	s.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(content), 0o600); err != nil {
		s.Fatal(err)
	}
}

// processing adds orders that wait to be shipped.
func (s *shop) processing(numbers ...string) {
	s.Helper()
	for _, number := range numbers {
		_, err := s.api.AddOrder(sandbox.NewOrder{
			Source: "Amazon", Number: number, Status: sandbox.StatusProcessing, OrderNumber: "SO-" + number, CreatedInSource: time.Now().Add(-time.Hour),
		})
		if err != nil {
			s.Fatal(err)
		}
	}
}

// RoundTrip hands calls to the API and messages to their receiver.
func (s *shop) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != webhookHost {
		s.mu.Lock()
		if s.called != nil {
			s.called()
		}
		s.mu.Unlock()
		return s.api.Transport().RoundTrip(req)
	}
	body, err := io.ReadAll(req.Body)
	s.mu.Lock()
	s.posted = append(s.posted, string(body))
	s.mu.Unlock()
	s.onPost()
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, err
}

func (s *shop) source() reconcile.Source { return reconcile.Source{Dir: s.dir} }

func (s *shop) scope() reconcile.Scope {
	return reconcile.Scope{Source: s.source(), Policies: s.policies}
}

func (s *shop) observe(e reconcile.Event) {
	if s.seen != nil {
		s.seen(e)
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", e), "reconcile.")
	if n := len(s.events); n == 0 || s.events[n-1] != name {
		s.events = append(s.events, name)
	}
}

func (s *shop) plan(req reconcile.PlanRequest) (*reconcile.PlanReport, error) {
	s.events = nil
	req.Scope = s.scope()
	return reconcile.Plan(s.Context(), req, s.deps, s.observe)
}

func (s *shop) apply(ctx context.Context, req reconcile.ApplyRequest) (*reconcile.ApplyReport, error) {
	s.events = nil
	req.Scope = s.scope()
	return reconcile.Apply(ctx, req, s.deps, s.observe)
}

// shipments is a configuration that ships orders.
func shipments(numbers ...string) string {
	var config strings.Builder
	for _, number := range numbers {
		fmt.Fprintf(&config, `
order %q {
  find            = { source = "Amazon", source_order_number = %[1]q }
  status          = "shipped"
  carrier         = "UPS"
  tracking_number = "1Z999AA10123456784"
}
`, number)
	}
	return config.String()
}
