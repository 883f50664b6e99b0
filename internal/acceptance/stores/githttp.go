package stores

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// GitHTTP serves a repository over smart HTTP, as forges do: with git's own
// http-backend. It can cut the connection at every packet of the protocol.
type GitHTTP struct {
	// Public lets everybody read.
	Public bool

	server *httptest.Server
	git    *Git

	mu    sync.Mutex // guards what follows
	cut   *GitCut
	late  func() // what the server has received and not carried out
	seen  []string
	users map[string]gitUser
}

// GitCut is where the next exchange of a kind ends early.
type GitCut struct {
	Path    string // the end of its path: /info/refs, or /git-receive-pack
	Request bool   // the server gets so many packets of the request, and the client nothing; otherwise, it is the answer that ends
	Packets int
	// Late has the server carry out the whole request when Late is called. The
	// client gets no answer.
	Late bool
	// Kept has the client use the connection of an earlier exchange. Git's library
	// then sends a request again by itself that got no answer.
	Kept bool
}

type gitUser struct {
	password string
	reads    bool // and no more
}

// The users of every server.
const (
	GitWriter = "writer"
	GitReader = "reader"
)

// GitPassword is that of both.
const GitPassword = "s3cr3t-canary"

// Serve serves the repository on loopback until the test ends.
func (g *Git) Serve(t testing.TB) *GitHTTP {
	t.Helper()
	path, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		t.Fatal(err)
	}
	backend := filepath.Join(strings.TrimSpace(string(path)), "git-http-backend")
	if _, err := os.Stat(backend); err != nil {
		skip(t, "git http-backend is not installed")
	}
	g.Git("config", "http.receivepack", "true")
	h := &GitHTTP{git: g, users: map[string]gitUser{GitWriter: {GitPassword, false}, GitReader: {GitPassword, true}}}
	handler := &cgi.Handler{
		Path: backend,
		Env: []string{
			"GIT_PROJECT_ROOT=" + filepath.Dir(g.Dir), "GIT_HTTP_EXPORT_ALL=1",
			"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "LC_ALL=C", "REMOTE_USER=" + GitWriter,
		},
		Stderr: io.Discard,
	}
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.allowed(w, r) {
			h.exchange(w, r, handler)
		}
	}))
	t.Cleanup(h.server.Close)
	return h
}

// URL is the address of the repository, with a user's name and password if there
// is a user.
func (h *GitHTTP) URL(user string) string {
	if user == "" {
		return h.server.URL + "/" + filepath.Base(h.git.Dir)
	}
	return strings.Replace(h.URL(""), "://", "://"+user+":"+GitPassword+"@", 1)
}

// Host is the server without a path, as credential settings name it.
func (h *GitHTTP) Host() string { return h.server.URL }

// Cut has the next exchange of a kind end early.
func (h *GitHTTP) Cut(c GitCut) {
	h.server.Config.SetKeepAlivesEnabled(c.Kept)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cut = &c
}

// WasCut reports whether an exchange was cut since Cut. It is not if it had fewer
// packets.
func (h *GitHTTP) WasCut() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.cut == nil
}

// Late carries out what was received and not carried out.
func (h *GitHTTP) Late() {
	h.mu.Lock()
	late := h.late
	h.late = nil
	h.mu.Unlock()
	if late != nil {
		late()
	}
}

// Requests are the methods and paths that came since the last call.
func (h *GitHTTP) Requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := h.seen
	h.seen = nil
	return seen
}

// allowed checks the credentials, and answers if they are not enough.
func (h *GitHTTP) allowed(w http.ResponseWriter, r *http.Request) bool {
	name, password, given := r.BasicAuth()
	writes := r.URL.Query().Get("service") == "git-receive-pack" || strings.HasSuffix(r.URL.Path, "/git-receive-pack")
	user, known := h.users[name]
	h.mu.Lock()
	h.seen = append(h.seen, r.Method+" "+filepath.Base(r.URL.Path)+" "+name)
	h.mu.Unlock()
	switch {
	case len(r.Header.Values("Authorization")) > 1:
		http.Error(w, "Duplicate header: Authorization", http.StatusBadRequest)
	case !given && h.Public && !writes:
		return true
	case !given || !known || user.password != password:
		w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
		http.Error(w, "no such user", http.StatusUnauthorized)
	case writes && user.reads:
		http.Error(w, "Write access to repository not granted.", http.StatusForbidden)
	default:
		return true
	}
	return false
}

// exchange carries out one request, or as much of it as is not cut.
func (h *GitHTTP) exchange(w http.ResponseWriter, r *http.Request, backend http.Handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.Header.Get("Content-Encoding") == "gzip" {
		if z, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			body, _ = io.ReadAll(z)
			r.Header.Del("Content-Encoding")
		}
	}
	cut := h.takeCut(r.URL.Path)
	if cut == nil {
		backend.ServeHTTP(w, withBody(r, body))
		return
	}
	if cut.Late {
		h.mu.Lock()
		h.late = func() { backend.ServeHTTP(httptest.NewRecorder(), withBody(r, body)) }
		h.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	part, whole := body, true
	if cut.Request {
		part, whole = packets(body, cut.Packets)
	}
	answer := httptest.NewRecorder()
	backend.ServeHTTP(answer, withBody(r, part))
	said := answer.Body.Bytes()
	if !cut.Request {
		said, whole = packets(said, cut.Packets)
	}
	if cut.Request && !whole {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), answer.Header())
	w.Header().Set("Content-Length", strconv.Itoa(answer.Body.Len()))
	w.WriteHeader(answer.Code)
	_, _ = w.Write(said)
	if !whole {
		panic(http.ErrAbortHandler)
	}
	h.Cut(*cut) // it lies behind the end of this exchange
}

// takeCut is what was asked for an exchange with this path. A request of git that
// only tries whether it is allowed is not cut.
func (h *GitHTTP) takeCut(path string) *GitCut {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cut == nil || !strings.HasSuffix(path, h.cut.Path) {
		return nil
	}
	cut := h.cut
	h.cut = nil
	return cut
}

func withBody(r *http.Request, body []byte) *http.Request {
	// The client may be gone, and the server goes on all the same.
	again, err := http.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body))
	if err != nil {
		panic(fmt.Sprintf("a request can't be made again: %v", err))
	}
	again.Header, again.Host, again.RemoteAddr = r.Header.Clone(), r.Host, r.RemoteAddr
	again.ContentLength = int64(len(body))
	again.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return again
}

// packets are the first packets of an exchange, and whether they are all. A pack
// behind them counts as three: its header, half of it, all but its last byte.
func packets(data []byte, n int) (part []byte, whole bool) {
	at := 0
	for at+4 <= len(data) {
		if bytes.HasPrefix(data[at:], []byte("PACK")) {
			for _, end := range []int{at + 12, at + (len(data)-at)/2, len(data) - 1} {
				if n == 0 {
					return data[:at], false
				}
				at, n = end, n-1
			}
			if n > 0 {
				at = len(data)
			}
			return data[:at], n > 0
		}
		length, err := strconv.ParseUint(string(data[at:at+4]), 16, 16)
		if err != nil {
			break
		}
		if n == 0 {
			return data[:at], false
		}
		at, n = at+int(max(length, 4)), n-1
	}
	return data, true
}
