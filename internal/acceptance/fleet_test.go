//go:build !race

package acceptance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// fleet is what a logistics firm has: the workspaces of many sellers, run by several agents
// over one PostgreSQL, which also keeps the states and the call limits.
type fleet struct {
	t       *testing.T
	size    fleetSize
	program string
	db      *stores.Database
	proxy   *stores.Proxy       // in front of the agents' database
	states  string              // the URL of the database of the states
	servers []*apiserver.Server // one for each account, with the real limit, scaled
	sellers []*seller
	agents  []*fleetAgent

	mu      sync.Mutex // guards what is below
	blows   []*blow
	stopped time.Time // when the agents were told to stop, at the end
}

// fleetSize says how large a fleet is, and by how much its time is faster.
type fleetSize struct {
	workspaces, accounts, agents, by int
	least, most                      time.Duration // the intervals of schedules
	states                           placeOfStates
}

// placeOfStates is how the states of a fleet are reached.
type placeOfStates int

const (
	inTheDatabase  placeOfStates = iota // of the agents, which they reach without the proxy
	behindTheProxy                      // of the agents
	elsewhere                           // in another database
)

// scaled is a time of the promises in this fleet's time.
func (s fleetSize) scaled(d time.Duration) time.Duration { return d / time.Duration(s.by) }

// seller is one workspace.
type seller struct {
	*market
	name  string
	every time.Duration
	state string // the block of the state's backend
}

// fleetAgent is one machine and the agent on it, where one runs.
type fleetAgent struct {
	*world
	process *process
}

func newFleet(t *testing.T, size fleetSize) *fleet {
	t.Helper()
	program, err := buildHastened(size.by)
	if err != nil {
		t.Fatal(err)
	}
	f := &fleet{t: t, size: size, program: program, db: stores.PostgresAlone(t).Database(t)}
	f.proxy = stores.NewProxy(t, f.db.Address)
	f.states = f.db.URL
	switch size.states {
	case behindTheProxy:
		f.states = f.db.Through(f.proxy.Address)
	case elsewhere:
		f.states = f.db.Database(t).URL
	}
	t.Cleanup(func() {
		if t.Failed() {
			f.mu.Lock()
			defer f.mu.Unlock()
			for _, b := range f.blows {
				t.Logf("%s to %s: %s", b.at.Format("15:04:05.0"), b.over.Format("15:04:05.0"), b.what)
			}
		}
	})
	for range size.accounts {
		api := apiserver.Start(apiserver.Options{
			ConsumerKey: consumerKey, TokenPrefix: tokenPrefix, Burst: scaledBurst, PerSecond: 2 * float64(size.by),
			WriteDelay: lockedDelay(rand.New(rand.NewPCG(1, 9)), 600*time.Millisecond),
		})
		t.Cleanup(func() {
			api.Close()
			if complaints := api.Complaints(); len(complaints) > 0 {
				t.Errorf("%d calls were not as the API's documents say, the first: %s", len(complaints), complaints[0])
			}
		})
		f.servers = append(f.servers, api)
	}
	for i := range size.workspaces {
		f.sellers = append(f.sellers, &seller{
			market: newMarket(t, f.servers[i%size.accounts], fmt.Sprintf("Shop%d", i)), name: fmt.Sprintf("seller-%d", i),
			every: (size.least + (size.most-size.least)*time.Duration(i)/time.Duration(size.workspaces)).Truncate(time.Second),
		})
	}
	f.beginStates()
	for i := range size.agents {
		f.agents = append(f.agents, f.machine(i))
	}
	f.agents[0].run("agent", "migrate", "--config", "agent.hcl").exits(0)
	return f
}

// beginStates begins the state of each workspace.
func (f *fleet) beginStates() {
	f.t.Helper()
	w := f.world("first")
	f.inTurn(func(s *seller) {
		dir := filepath.Join(w.root, s.name)
		block := func(state string) string {
			return fmt.Sprintf("gdfctl {\n  backend \"postgres\" {\n    url  = env.GDF_DATABASE_URL\n    name = %q\n%s  }\n}\n", s.name, state)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			f.t.Error(err)
			return
		}
		if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(block("")), 0o600); err != nil {
			f.t.Error(err)
			return
		}
		cmd := exec.Command(f.program, "state", "init", "--json")
		cmd.Dir, cmd.Env = dir, append(w.env(), "GDF_ENDPOINT="+s.api.URL, "GDF_DATABASE_URL="+f.states)
		out, err := cmd.Output()
		var said struct{ State string }
		if err != nil || json.Unmarshal(out, &said) != nil || said.State == "" {
			f.t.Errorf("state init of %s: %v\n%s", s.name, err, out)
			return
		}
		s.state = block(fmt.Sprintf("    state = %q\n", said.State))
	})
	if f.t.Failed() {
		f.t.FailNow()
	}
}

// inTurn does something for all sellers, a few at once.
func (f *fleet) inTurn(do func(*seller)) {
	places := make(chan struct{}, 4)
	var all sync.WaitGroup
	for _, s := range f.sellers {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			do(s)
		})
	}
	all.Wait()
}

// world is a machine of the fleet's.
func (f *fleet) world(name string) *world {
	f.t.Helper()
	w := &world{
		t: f.t, api: f.servers[0], key: consumerKey, endpoint: f.servers[0].URL, root: filepath.Join(f.t.TempDir(), name),
		program: f.program, extra: []string{"GDF_DATABASE_URL=" + f.db.Through(f.proxy.Address)},
	}
	w.dir = filepath.Join(w.root, "config")
	for _, dir := range []string{w.dir, filepath.Join(w.root, "home"), filepath.Join(w.root, "cache"), filepath.Join(w.root, "tmp")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			f.t.Fatal(err)
		}
	}
	f.t.Cleanup(w.noLeaks)
	return w
}

// machine has the configurations of all workspaces, and a file that lists them.
func (f *fleet) machine(i int) *fleetAgent {
	f.t.Helper()
	a := &fleetAgent{world: f.world(fmt.Sprintf("machine-%d", i))}
	var file strings.Builder
	file.WriteString("agent {\n  database = env.GDF_DATABASE_URL\n}\n")
	keys := f.t.TempDir() // where no test looks for keys that were left
	for _, s := range f.sellers {
		settings := filepath.Join(keys, s.name)
		variables := []string{
			"GDF_ENDPOINT=" + s.api.URL, "GDF_CONSUMER_KEY=" + consumerKey, "GDF_DATABASE_URL=" + f.states, "GDF_CACHE_DIR=" + filepath.Join(a.root, "cache"),
		}
		if err := os.WriteFile(settings, []byte(strings.Join(variables, "\n")+"\n"), 0o600); err != nil {
			f.t.Fatal(err)
		}
		dir := filepath.Join("workspaces", s.name)
		a.write(filepath.Join(dir, "main.hcl"), s.state+f.account()+acknowledgesNew(s.source, s.every.String()))
		fmt.Fprintf(&file, "workspace %q {\n  dir      = %q\n  env_file = %q\n}\n", s.name, filepath.Join(a.dir, dir), settings)
	}
	a.write("agent.hcl", file.String())
	return a
}

// account has the default settings, in the fleet's time. What was under way on a machine that died may be
// repeated after read_lag: to see that orders are late by no more than the death of a machine, it is as long as settle.
func (f *fleet) account() string {
	settle := f.size.scaled(time.Minute)
	return fmt.Sprintf(`
account "main" {
  page_size = 1000
  settle    = %q
  read_lag  = %[1]q
  rate_limit {
    burst            = %d
    limit_per_second = %d
  }
}
`, settle, scaledBurst, 2*f.size.by)
}

// begins starts the agent of a machine.
func (a *fleetAgent) begins() {
	a.t.Helper()
	a.process = a.start("agent", "--config", "agent.hcl", "--metrics-listen", "127.0.0.1:0")
}

// began waits until the agent runs.
func (a *fleetAgent) began() {
	a.t.Helper()
	until(a.t, "an agent has started", func() bool { return strings.Contains(a.process.stderr.String(), "msg=started") })
}

// begin starts all agents. What was due before is run at once then.
func (f *fleet) begin() {
	f.t.Helper()
	f.befell("the agents begin")
	for _, a := range f.agents {
		a.begins()
	}
	for _, a := range f.agents {
		a.began()
	}
}

// stop ends agents, and so the time of which is judged what had to begin in it.
func (f *fleet) stop(agents ...*fleetAgent) {
	f.t.Helper()
	f.mu.Lock()
	f.stopped = time.Now()
	f.mu.Unlock()
	for _, a := range agents {
		a.process.stops()
	}
}

func (f *fleet) sold() (n int) {
	for _, s := range f.sellers {
		n += s.sold()
	}
	return n
}

func (f *fleet) taken() (n int) {
	for _, s := range f.sellers {
		n += s.taken()
	}
	return n
}
