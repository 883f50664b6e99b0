package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// By so much the times of a lease are shorter than they are for users: those of teams by less than
// those of agents, since their tests share the machine with others, and a push to git takes there as
// long as it takes. lease is how long one of a team lasts, and callTime how long a call can take.
const (
	hastenedBy     = 20
	teamHastenedBy = 9
	lease          = 3 * time.Minute / teamHastenedBy
	callTime       = time.Minute / teamHastenedBy
)

// hastenedDir is where the programs with shorter times are, once they are built.
var hastenedDir = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "gdfctl-hastened-") })

// hasten gives a world the program whose times are shorter by a factor.
func (w *world) hasten(by int) {
	w.t.Helper()
	program, err := buildHastened(by)
	if err != nil {
		w.t.Fatal(err)
	}
	w.program = program
}

var hastenedPrograms = struct {
	sync.Mutex
	built map[string]func() (string, error)
}{built: map[string]func() (string, error){}}

// buildHastened builds the program with times that are shorter by a factor, and with these flags, once.
func buildHastened(by int, flags ...string) (string, error) {
	hastenedPrograms.Lock()
	key := fmt.Sprint(by, flags)
	build := hastenedPrograms.built[key]
	if build == nil {
		name := fmt.Sprintf("gdfctl-%d", len(hastenedPrograms.built))
		build = sync.OnceValues(func() (string, error) { return buildProgram(name, by, flags) })
		hastenedPrograms.built[key] = build
	}
	hastenedPrograms.Unlock()
	return build()
}

func buildProgram(name string, by int, flags []string) (string, error) {
	dir, err := hastenedDir()
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, name)
	set := fmt.Sprintf("-X github.com/gdfctl/gdfctl/internal/state/shared.hastened=%d -X github.com/gdfctl/gdfctl/internal/agent.hastened=%[1]d", by)
	args := append([]string{"build", "-ldflags", set, "-o", program}, flags...)
	out, err := exec.Command("go", append(args, "github.com/gdfctl/gdfctl/cmd/gdfctl")...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("the program with shorter times can't be built: %w\n%s", err, out)
	}
	return program, nil
}

// team is a shop whose state several machines write. Each has a directory of its own.
type team struct {
	*world // the first machine
	home   home
	others int
}

// inEachHome runs a test with each kind of place, in parallel.
func inEachHome(t *testing.T, test func(t *testing.T, fresh func() home)) {
	t.Helper()
	for name, start := range homes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			takesTurns(t, name)
			test(t, func() home { return start(t) })
		})
	}
}

// gitTurns are held by tests that keep a state in git. A push starts some twenty processes: with
// more of these tests side by side, each push takes a large part of a lease.
var gitTurns = make(chan struct{}, 3)

// takesTurns waits until a test with this kind of place may run.
func takesTurns(t *testing.T, name string) {
	t.Helper()
	if strings.HasPrefix(name, "git") {
		gitTurns <- struct{}{}
		t.Cleanup(func() { <-gitTurns })
	}
}

// teamOf gives a world's state to all machines that may join.
func teamOf(w *world, h home) *team {
	w.t.Helper()
	if w.program == "" {
		w.hasten(teamHastenedBy)
	}
	m := &team{world: w, home: h}
	w.extra, w.secrets = append(w.extra, h.env...), h.secrets
	m.prepare(w)
	w.write("backend.hcl", m.backend(""))
	begun := w.run("state", "init", "--json").exits(0)
	var said struct{ State string }
	if err := json.Unmarshal([]byte(begun.stdout), &said); err != nil || said.State == "" {
		w.t.Fatal(err, begun.stdout)
	}
	w.write("backend.hcl", m.backend(said.State))
	return m
}

func (m *team) backend(state string) string {
	lines := m.home.says
	if state != "" {
		lines = append(lines[:len(lines):len(lines)], fmt.Sprintf("state = %q", state))
	}
	return fmt.Sprintf("gdfctl {\n  backend %q {\n    %s\n  }\n}\n", m.home.kind, strings.Join(lines, "\n    "))
}

func (m *team) prepare(w *world) {
	w.t.Helper()
	if m.home.remote == "" {
		return
	}
	for _, args := range [][]string{{"init", "-q"}, {"remote", "add", "origin", m.home.remote}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = w.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			w.t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

// machine is another one that has the same configuration.
func (m *team) machine() *world {
	m.t.Helper()
	m.others++
	w := &world{
		t: m.t, api: m.api, key: m.key, endpoint: m.endpoint, extra: m.extra, secrets: m.secrets, program: m.program,
		root: filepath.Join(m.root, fmt.Sprintf("machine-%d", m.others)),
	}
	w.dir = filepath.Join(w.root, "config")
	for _, dir := range []string{w.dir, filepath.Join(w.root, "home"), filepath.Join(w.root, "cache"), filepath.Join(w.root, "tmp")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			m.t.Fatal(err)
		}
	}
	m.prepare(w)
	m.copyTo(w)
	m.t.Cleanup(w.noLeaks)
	return w
}

// copyTo gives a machine the configuration as it is now.
func (m *team) copyTo(w *world) {
	m.t.Helper()
	for _, pattern := range []string{"*.hcl", "*.csv", "shipments/*.csv"} {
		found, err := filepath.Glob(filepath.Join(m.dir, pattern))
		if err != nil {
			m.t.Fatal(err)
		}
		for _, path := range found {
			name, _ := filepath.Rel(m.dir, path)
			w.write(name, m.read(name))
		}
	}
}

// isLost deletes everything that a machine had.
func (w *world) isLost() {
	w.t.Helper()
	w.lost = true
	until(w.t, "its files are deleted", func() bool { return os.RemoveAll(w.root) == nil }) // git may still be writing
}

// auditShared has the audit log of a shared state verified and compared with the
// ledger.
func (w *world) auditShared() {
	w.t.Helper()
	w.run("audit", "verify").exits(0)
	w.logIsLedger(auditLines(w))
}

// auditLines is the audit log as the program lists it.
func auditLines(w *world) (lines []auditLine) {
	w.t.Helper()
	listed := w.run("audit", "list", "--json").exits(0)
	for decoder := json.NewDecoder(strings.NewReader(listed.stdout)); decoder.More(); {
		var a auditLine
		if err := decoder.Decode(&a); err != nil {
			w.t.Fatal(err)
		}
		lines = append(lines, a)
	}
	return lines
}

// patiently makes a command wait for others, and patient is an apply that does.
var (
	patiently = []string{"--lock-timeout", "200s"}
	patient   = append([]string{"apply", "--auto-approve"}, patiently...)
)

// teamAccount sends some 20 calls a second, so that runs last long enough to be struck.
const teamAccount = `
account "main" {
  page_size = 1000
  settle    = "2s"
  read_lag  = "%s"
  rate_limit {
    burst            = 12
    limit_per_second = 12
  }
}
`

// shortLag is a read_lag for tests whose reads show everything at once.
const shortLag = 3 * time.Second

// shippingTeam ships orders from several machines.
func shippingTeam(t *testing.T, h home, orders []apiserver.Order, readLag time.Duration, o apiserver.Options) *team {
	t.Helper()
	return teamOf(shipAll(t, fmt.Sprintf(teamAccount, readLag), orders, o), h)
}

// soakOr is how many rounds a variable asks for.
func soakOr(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %s", variable, err)
	}
	return n
}
