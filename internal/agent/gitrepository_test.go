package agent

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// sellers is a repository with a folder for each workspace, and a machine that runs them.
type sellers struct {
	*testing.T
	origin, dir string
	backend     string // the block, with a state that was begun
	clock       time.Time
	db          *agentdb.DB
	machine     *machine.Machine
	mu          sync.Mutex
	sent        []string // events that reached the webhook; guarded by mu
	log         strings.Builder
}

func newSellers(t *testing.T) *sellers {
	t.Helper()
	s := &sellers{T: t, origin: t.TempDir(), dir: t.TempDir(), clock: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)}
	s.git("init", "-q", "-b", "main")
	s.write(s.dir, "env", "HOOK=https://hooks.example.com/hook\nSECRET=s\nGDF_ALLOWED_HOSTS=hooks.example.com\n")
	var err error
	if s.db, err = agentdb.Open(t.Context(), agentdb.Options{Directory: s.dir, Now: func() time.Time { return s.clock }}); err != nil {
		t.Skip(err) // on 32 bits
	}
	t.Cleanup(func() { _ = s.db.Close() })
	s.machine = &machine.Machine{Directory: s.dir, Workspaces: []machine.Workspace{{
		Name: "seller", Git: "file://" + filepath.ToSlash(s.origin), Branch: "main", Path: "seller", EnvFile: filepath.Join(s.dir, "env"),
		Allow: []order.Action{order.Acknowledge}, MinEvery: time.Minute, MaxConfigAge: 24 * time.Hour,
	}}}
	s.begin()
	return s
}

// begin begins the state that the workspace shares with other machines.
func (s *sellers) begin() {
	s.Helper()
	place, dir := filepath.Join(s.TempDir(), "state.git"), s.TempDir()
	s.git("init", "-q", "--bare", place)
	block := func(line string) string {
		return "gdfctl {\n  backend \"git\" {\n    remote = \"" + filepath.ToSlash(place) + "\"\n" + line + "  }\n}\n"
	}
	s.write(dir, "main.hcl", block(""))
	begun, err := reconcile.InitState(s.Context(), reconcile.Source{Dir: dir}, reconcile.Deps{Env: func(string) string { return "" }, Now: time.Now, Version: "0.1.0", Environ: []string{}}, func(reconcile.Event) {})
	if err != nil {
		s.Fatal(err)
	}
	s.backend = block("    state  = \"" + begun.State + "\"\n")
}

func (s *sellers) write(dir, name, text string) {
	s.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.Fatal(err)
	}
}

func (s *sellers) git(args ...string) string {
	s.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = s.origin
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

const sellersNotify = "notify \"ops\" {\n  webhook = env.HOOK\n  secret  = env.SECRET\n}\n"

// every is a configuration with a schedule.
func (s *sellers) every(interval string) string {
	return s.backend + sellersNotify + "schedule \"feeds\" {\n  every = \"" + interval + "\"\n  run   = \"feeds\"\n}\n"
}

// push commits the configuration of the workspace.
func (s *sellers) push(config string) string {
	s.Helper()
	s.write(s.origin, "seller/main.hcl", config)
	s.git("add", "-A")
	s.git("commit", "-q", "--allow-empty", "-m", "x")
	return s.git("rev-parse", "HEAD")
}

// RoundTrip implements http.RoundTripper.
func (s *sellers) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	for _, event := range []string{"config_refused", "config_stale"} {
		if strings.Contains(string(body), `"type":"`+event+`"`) {
			s.mu.Lock()
			s.sent = append(s.sent, event)
			s.mu.Unlock()
		}
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// agent is one process on the machine.
func (s *sellers) agent() *Machine {
	return NewMachine(s.machine, reconcile.Deps{Env: func(string) string { return "" }, Now: func() time.Time { return s.clock }, Version: "0.1.0", Transport: s},
		slog.New(slog.NewTextHandler(&s.log, nil)))
}

// look lets an agent look at git, and says what is in force.
func (s *sellers) look(m *Machine) string {
	s.Helper()
	for url, workspaces := range m.byURL() {
		m.visit(s.Context(), s.db, url, workspaces)
	}
	versions, err := m.Refresh(s.Context(), s.db, s.clock)
	if err != nil {
		s.Fatal(err)
	}
	return versions["seller"].Commit
}

func (s *sellers) row() *agentdb.Workspace {
	s.Helper()
	rows, err := s.db.Workspaces(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return rows["seller"]
}
