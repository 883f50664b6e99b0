package reconcile

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// others is what is sent to others than the API.
type others struct {
	mu   sync.Mutex // messages go to several receivers at the same time
	sent []string
}

// RoundTrip implements http.RoundTripper.
func (o *others) RoundTrip(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	what := r.Method + " " + r.URL.Path
	for _, event := range []string{"schedule_failing", "feed_failed"} {
		if strings.Contains(string(body), `"type":"`+event+`"`) {
			what += " " + event
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, what)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// People get one message about a schedule that keeps failing, and none when it is short. A
// service that waits for a sign of life gets one after good runs alone.
func TestTheEndsOfRunsAreTold(t *testing.T) {
	dir := t.TempDir()
	config := "notify \"ops\" {\n  webhook   = env.HOOK\n  secret    = env.SECRET\n  heartbeat = env.BEAT\n}\n" +
		"order \"one\" {\n  find = { id = \"x\" }\n  status = \"acknowledged\"\n  order_number = \"1\"\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"HOOK": "https://hooks.example.com/hook", "BEAT": "https://hooks.example.com/beat", "SECRET": "s", "GDF_ALLOWED_HOSTS": "hooks.example.com",
	}
	var sent others
	d := Deps{Env: func(name string) string { return env[name] }, Now: time.Now, Version: "0.1.0", Transport: &sent}
	for _, end := range []ScheduleEnd{
		{Failures: 1}, // too few
		{Before: 1, Failures: 2},
		{Before: 2, Failures: 3},
		{Before: 3, Failures: 4}, // they know
		{Before: 4},              // it ran, and not everything holds
		{Good: true},
		{Before: 2, Failures: 3}, // once more
	} {
		end.Source, end.Schedule = Source{Dir: dir}, "acknowledge"
		ScheduleEnded(context.Background(), end, d, func(e Event) {
			if w, ok := e.(Warned); ok {
				t.Error(w.Text)
			}
		})
	}
	if diff := cmp.Diff([]string{"POST /hook schedule_failing", "GET /beat", "POST /hook schedule_failing"}, sent.sent); diff != "" {
		t.Error(diff)
	}
}
