//go:build !race

package acceptance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// reader asks for pages of one agent, whatever host it names.
type reader struct {
	t      *testing.T
	client *http.Client
	base   string // http://host
}

// socketReader asks through a socket.
func socketReader(t *testing.T, path string) *reader {
	var dialer net.Dialer
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "unix", path) }
	return &reader{t, &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: 30 * time.Second}, "http://localhost"}
}

// pages asks an agent for its pages, where its log says that they are.
func (p *process) pages() *reader {
	p.w.t.Helper()
	found := pageAddress.FindStringSubmatch(p.stderr.String())
	if found == nil {
		p.w.t.Fatalf("the log does not have the address of the page:\n%s", p.stderr.String())
	}
	return &reader{p.w.t, &http.Client{Timeout: 30 * time.Second}, found[1]}
}

func (r *reader) ask(method, target, host string) (status int, header http.Header, text string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, r.base+target, http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Host = host
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

var (
	pageAddress = regexp.MustCompile(`msg="status page" address=(http://[^/\s]+)/`)
	anyElement  = regexp.MustCompile(`<style>(?s:.*?)</style>|<[^>]*>`)
)

// shownOn is what a page says, without its markup.
func shownOn(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(anyElement.ReplaceAllString(page, " "))), " ")
}

// The page of an agent says what `agent status` and the metrics say, to those on this
// machine alone, and changes nothing.
func TestThePageOfAnAgent(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(405, 3, apiserver.New)
	w := acknowledging(t, unlimited, orders, apiserver.Options{})
	w.run("agent", "--ui-listen", "0.0.0.0:9190").exits(64).says("not a loopback address", "put a proxy that logs in before it")
	w.run("agent", "--ui-listen", "unix:").exits(64)
	socket := filepath.Join(w.root, "ui.sock")
	for _, listen := range []string{"unix:" + socket, "127.0.0.1:0"} {
		p := w.start("agent", "--metrics-listen", "127.0.0.1:0", "--ui-listen", listen)
		until(t, "the agent has started", func() bool { return strings.Contains(p.stderr.String(), "msg=started") })
		r := socketReader(t, socket)
		if !strings.HasPrefix(listen, "unix:") {
			r = p.pages()
		} else if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		until(t, "the run is on the page", func() bool { _, _, text := r.ask("GET", "/", ""); return strings.Contains(text, "3 applied") })
		w.run("agent", "pause", "acknowledge", "--reason", "<b>the & table</b>").exits(0)
		r.attacked()
		until(t, "nothing goes on", func() bool { return !strings.Contains(w.run("agent", "status", "--json").stdout, `"ended_at": null`) })
		w.sameTruth(r, p.metricsAddress())
		w.run("agent", "resume", "acknowledge").exits(0)
		p.stops()
		if _, err := os.Lstat(socket); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the socket is left: %v", err)
		}
	}
	w.acknowledgedOnce(orders)
}

// attacked asks as nobody should.
func (r *reader) attacked() {
	r.t.Helper()
	for _, c := range []struct {
		method, target, host string
		want                 int
	}{
		{"GET", "/", "evil.test", 421},
		{"GET", "/", "evil.test:9190", 421},
		{"POST", "/", "", 405},
		{"DELETE", "/workspace/config", "", 405},
		{"HEAD", "/", "", 200},
		{"GET", "/workspace/config?day=2026-13-99&refresh=%00&open=%3Cscript%3E&x=" + strings.Repeat("y", 5000), "", 200},
		{"GET", "/workspace/%3Cscript%3E", "", 404},
		{"GET", "/workspace/..%2f..%2fetc", "", 404},
		{"GET", "/gdfctl.agent.db", "", 404},
		{"GET", "/metrics", "", 404},
	} {
		status, header, text := r.ask(c.method, c.target, c.host)
		if status != c.want || strings.Contains(text, "<script>") || header.Get("Set-Cookie") != "" || !strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			r.t.Errorf("%s %.60s as %q: %d, want %d: %v", c.method, c.target, c.host, status, c.want, header)
		}
	}
}

// sameTruth compares what the page, the status and the metrics say of the schedule.
func (w *world) sameTruth(r *reader, metrics string) {
	w.t.Helper()
	var status struct {
		Schedules []struct {
			Missed  int       `json:"missed"`
			NextDue time.Time `json:"next_due_at"`
			LastRun struct {
				Message string `json:"message"`
				State   string `json:"state"`
				Held    int    `json:"held"`
				Unknown int    `json:"unknown"`
			} `json:"last_run"`
		} `json:"schedules"`
	}
	text := w.run("agent", "status", "--json").exits(0).stdout
	if err := json.Unmarshal([]byte(text), &status); err != nil {
		w.t.Fatal(err)
	}
	_, page := r.page("/?refresh=0")
	_, scraped := fetched(w.t, metrics+"/metrics")
	s := status.Schedules[0]
	labels := `{workspace="config",schedule="acknowledge"}`
	for _, want := range []string{
		fmt.Sprintf("gdfctl_schedule_paused%s 1", labels), fmt.Sprintf("gdfctl_orders_held%s %d", labels, s.LastRun.Held), fmt.Sprintf("gdfctl_changes_unknown%s %d", labels, s.LastRun.Unknown),
	} {
		if !strings.Contains(scraped, want) {
			w.t.Errorf("the metrics don't say %s", want)
		}
	}
	for _, want := range []string{s.LastRun.Message, s.LastRun.State, "by ", "<b>the & table</b>", "gdfctl agent resume acknowledge --chdir " + w.dir, "1 thing needs you", "Paused 1"} {
		if !strings.Contains(page, want) {
			w.t.Errorf("the page doesn't say %q:\n%s", want, page)
		}
	}
}

func (r *reader) page(target string) (raw, shown string) {
	r.t.Helper()
	status, _, text := r.ask("GET", target, "")
	if status != http.StatusOK {
		r.t.Errorf("%s: %d", target, status)
	}
	return text, shownOn(text)
}
