package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/report"
)

// pagesFor is a server of pages that say what was asked for.
func pagesFor(err error, away bool) http.Handler {
	s := &pageServer{
		ui: UI{Policy: "default-src 'none'", Write: func(w io.Writer, p *report.AgentPage) error {
			_, err := fmt.Fprintf(w, "%+v", p.Asked)
			return err
		}},
		page: func(_ context.Context, asked report.AgentAsked) (*report.AgentPage, error) {
			p := &report.AgentPage{Asked: asked}
			if away {
				p.Away = &report.AgentAway{}
			}
			return p, err
		},
		turn: make(chan struct{}, 1),
	}
	return s.handler()
}

func answer(h http.Handler, method, target, host string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	r.Host = host
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// The page answers to names of this machine only: a name that somebody else bent to it is
// another one.
func TestThePageAnswersToOwnNames(t *testing.T) {
	h := pagesFor(nil, false)
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:9190": 200, "127.0.0.1:9190": 200, "127.3.2.1": 200, "[::1]:9190": 200, "[::1]": 200, "[::ffff:127.0.0.1]:1": 200,
		"": 421, "evil.test": 421, "evil.test:9190": 421, "localhost.evil.test": 421, "127.0.0.1.evil.test": 421, "10.0.0.7": 421, "0.0.0.0:9190": 421, "[::]:1": 421,
		"localhost:evil": 421, "evil.test:80@localhost": 421, "localhost.": 421, "2130706433": 421, "127.1": 421, "[::1": 200,
	} {
		if got := answer(h, "GET", "/", host); got.StatusCode != want {
			t.Errorf("host %q: %s, want %d", host, got.Status, want)
		}
	}
}

// It only reads, and tells browsers to be careful with every answer.
func TestThePageOnlyReads(t *testing.T) {
	h := pagesFor(nil, false)
	for _, c := range []struct {
		method, target string
		want           int
	}{
		{"GET", "/", 200},
		{"HEAD", "/", 200},
		{"GET", "/workspace/shop", 200},
		{"GET", "/nothing", 404},
		{"GET", "/workspace/", 404},
		{"GET", "/workspace/a/b", 404},
		{"POST", "/", 405},
		{"PUT", "/workspace/shop", 405},
		{"DELETE", "/nothing", 405},
		{"OPTIONS", "/", 405},
		{"TRACE", "/", 405},
		{"PATCH", "/", 405},
	} {
		got := answer(h, c.method, c.target, "localhost")
		if got.StatusCode != c.want {
			t.Errorf("%s %s: %s, want %d", c.method, c.target, got.Status, c.want)
		}
		if c.want == 405 && got.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s allows %q", c.method, c.target, got.Header.Get("Allow"))
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "Set-Cookie": "",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if is := got.Header.Get(name); is != want {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.target, name, is, want)
			}
		}
	}
}

// What nobody links to is ignored.
func TestWhatIsAskedForOfThePage(t *testing.T) {
	h := pagesFor(nil, false)
	for target, want := range map[string]report.AgentAsked{
		"/": {}, "/?refresh=0&open=1": {Still: true, Open: true}, "/?day=2026-11-27": {},
		"/workspace/a%2Fb%20c?day=2026-11-27":                     {Workspace: "a/b c", Day: "2026-11-27"},
		"/workspace/shop?day=2026-02-30":                          {Workspace: "shop"},
		"/?refresh=1&open=yes&day=%00&x=<script>&day=../../etc&;": {},
		"/workspace/%3Cscript%3E?day[]=1":                         {Workspace: "<script>"},
	} {
		got, err := io.ReadAll(answer(h, "GET", target, "localhost").Body)
		if diff := cmp.Diff(fmt.Sprintf("%+v", want), string(got)); err != nil || diff != "" {
			t.Errorf("%s: %s", target, diff)
		}
	}
}

// A workspace that is not there, a database that is away and a page that can't be made are
// said by the status.
func TestHowThePageFails(t *testing.T) {
	for _, c := range []struct {
		err  error
		away bool
		want int
	}{{&UnknownWorkspaceError{"<script>"}, false, 404}, {nil, true, 503}, {errors.New("a secret"), false, 500}} {
		got := answer(pagesFor(c.err, c.away), "GET", "/", "localhost")
		text, _ := io.ReadAll(got.Body)
		if got.StatusCode != c.want || strings.Contains(string(text), "secret") || strings.Contains(string(text), "<script>") {
			t.Errorf("%v: %s\n%s", c, got.Status, text)
		}
	}
}

// One page is made at a time, and who can't wait gets none.
func TestPagesAreMadeInTurn(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	s := &pageServer{ui: UI{Write: func(io.Writer, *report.AgentPage) error { return nil }}, turn: make(chan struct{}, 1), page: func(context.Context, report.AgentAsked) (*report.AgentPage, error) {
		begun <- struct{}{}
		<-end
		return &report.AgentPage{}, nil
	}}
	h := s.handler()
	go answer(h, "GET", "/", "localhost")
	<-begun
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	close(end)
	if w.Code != 503 {
		t.Errorf("a second page began: %d", w.Code)
	}
}

func TestWhereThePageListens(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.1:9190": "tcp 127.0.0.1:9190", "127.8.8.8:0": "tcp 127.8.8.8:0", "[::1]:9190": "tcp [::1]:9190", "localhost:9190": "tcp 127.0.0.1:9190",
		"unix:/run/gdfctl/ui.sock": "unix /run/gdfctl/ui.sock", "unix:ui.sock": "unix ui.sock",
		":9190": "", "0.0.0.0:9190": "", "[::]:9190": "", "10.0.0.7:9190": "", "shop.example:9190": "", "localhost": "", "9190": "", "127.0.0.1:http": "", "127.0.0.1:99999": "",
		"unix:": "", "unix:@abstract": "", "unix:\x00abstract": "", "http://127.0.0.1:9190": "", "127.1:9190": "",
	} {
		network, address, err := PageAddress(text)
		got := network + " " + address
		if err != nil {
			got = ""
			if !strings.Contains(err.Error(), "put a proxy that logs in before it") {
				t.Errorf("%q: %v", text, err)
			}
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// A socket is its owner's, replaces one that a killed agent left, and nothing else.
func TestTheSocketOfThePage(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "ui.sock")
	l, err := listenForPage(ctx, "unix:"+path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if again, err := listenForPage(ctx, "unix:"+path); err == nil {
		again.Close()
		t.Error("another agent's socket was taken")
	}
	l.(*socket).Listener.Close() // as kill -9 leaves it
	if l, err = listenForPage(ctx, "unix:"+path); err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is left: %v", err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := listenForPage(ctx, "unix:"+path); err == nil {
		l.Close()
		t.Error("a file was replaced")
	}
	if text, err := os.ReadFile(path); string(text) != "x" || err != nil {
		t.Errorf("the file is gone: %v", err)
	}
}

// The page says when the database last answered, and what a file pauses.
func TestThePageWithoutADatabase(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.write(PauseFile, `{"reason": "it is away", "who": "ann"}`)
	a := s.open()
	a.looked = time.Date(2026, 11, 27, 11, 59, 0, 0, time.UTC)
	a.close()
	p, err := a.page(context.Background(), report.AgentAsked{})
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := a.page(gone, report.AgentAsked{}); err == nil {
		t.Error("there is a page for somebody who has gone")
	}
	if p.Away == nil || !p.Away.LastWorked.Equal(a.looked) || p.Paused == nil || p.Paused.Reason != "it is away" || len(p.Needs) > 0 {
		t.Errorf("%+v", p)
	}
}
