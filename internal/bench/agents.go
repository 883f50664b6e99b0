package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/words"
)

// What an agent may cost that has a thousand workspaces and nothing to do.
const (
	idleShare  = 5   // % of one core
	idleMemory = 150 // MiB
)

// agentFigures are what an agent took within a time.
type agentFigures struct {
	what         string
	workspaces   int
	accounts     int // of each
	runs         int // that ended meanwhile
	took         time.Duration
	cpu          time.Duration
	memory       float64 // resident at the end, in bytes
	transactions int64   // of the database
	calls        int     // of the API
	grown        sizes   // of the database, meanwhile
}

// sizes are bytes of tables.
type sizes struct {
	kept  int64 // what is kept of runs, for 30 days
	queue int64 // for two days
}

func (f agentFigures) share() float64 { return 100 * f.cpu.Seconds() / f.took.Seconds() }

// measureAgents measures one agent with many workspaces and nothing to do, and then what
// runs cost it that find nothing to change, by how many accounts they read.
func measureAgents(ctx context.Context, b *bench) error {
	return b.owned(ctx, func(o *owner) error {
		idle, busy := []int{1, 100, 1000}, []int{1, 4, 16} // workspaces, and accounts of each
		if b.quick {
			idle, busy = idle[2:], busy[2:]
		}
		for _, n := range idle {
			f, err := b.idle(ctx, o, b.size(n))
			if err != nil {
				return fmt.Errorf("%d workspaces: %w", n, err)
			}
			b.report.agents = append(b.report.agents, f)
			if n == 1000 {
				what := fmt.Sprintf("agent, %s workspaces with nothing to do", words.Number(f.workspaces))
				b.report.goal(what+", share of one core", f.share(), idleShare, "%")
				b.report.goal(what+", memory", f.memory/mebi, idleMemory, "MiB")
			}
		}
		for _, accounts := range busy {
			f, err := b.busy(ctx, o, b.size(100), accounts)
			if err != nil {
				return fmt.Errorf("%d accounts: %w", accounts, err)
			}
			b.report.agents = append(b.report.agents, f)
		}
		return nil
	})
}

// idle has an agent look for due times while there are none.
func (b *bench) idle(ctx context.Context, o *owner, workspaces int) (agentFigures, error) {
	a, err := b.startAgent(ctx, o, workspaces, nil, `cron = "0 3 29 2 *"`+"\n  time_zone = \"UTC\"\n  catch_up = \"none\"")
	if err != nil {
		return agentFigures{}, err
	}
	defer a.stop()
	if err := a.settled(ctx); err != nil {
		return agentFigures{}, err
	}
	watch := time.Minute
	if b.quick {
		watch = 6 * time.Second
	}
	f, err := a.during(func() error { return wait(ctx, watch) })
	f.what, f.workspaces = "nothing is due", workspaces
	b.say("agent, %d workspaces: %.2f %% of a core, %.0f MiB, %.1f transactions/s", workspaces, f.share(), f.memory/mebi, float64(f.transactions)/f.took.Seconds())
	return f, err
}

// busy has each workspace run once, with nothing to change.
func (b *bench) busy(ctx context.Context, o *owner, workspaces, accounts int) (agentFigures, error) {
	// Each account has a server, and so a limit, of its own.
	servers := make([]*apiserver.Server, workspaces*accounts)
	for i := range servers {
		servers[i] = apiserver.Start(apiserver.Options{ConsumerKey: "sandbox", TokenPrefix: "token-", Orders: apiserver.Generate(uint64(i), 20, apiserver.Shipped)})
		defer servers[i].Close()
	}
	a, err := b.startAgent(ctx, o, workspaces, servers, `every = "24h"`+"\n  catch_up = \"none\"")
	if err != nil {
		return agentFigures{}, err
	}
	defer a.stop()
	if err := a.settled(ctx); err != nil {
		return agentFigures{}, err
	}
	calls := func() (n int) {
		for _, s := range servers {
			n += s.Total()
		}
		return n
	}
	// Once before: the first run of a workspace makes its state.
	if err := a.runAll(ctx); err != nil {
		return agentFigures{}, err
	}
	before := calls()
	f, err := a.during(func() error { return a.runAll(ctx) })
	f.what, f.workspaces, f.accounts, f.runs, f.calls = "each workspace runs once", workspaces, accounts, workspaces, calls()-before
	b.say("agent, %d runs of %d accounts: %s, %s CPU, %.0f MiB, %d calls", f.runs, accounts, f.took.Round(time.Millisecond), f.cpu, f.memory/mebi, f.calls)
	return f, err
}

// startAgent starts an agent of a database of its own.
func (b *bench) startAgent(ctx context.Context, o *owner, workspaces int, servers []*apiserver.Server, due string) (*agentProcess, error) {
	db := stores.Postgres(o)
	p, err := b.newPlace(fmt.Sprintf("agent-%s", db.Name), "")
	if err != nil {
		return nil, err
	}
	p.env = append(p.env, "GDF_DATABASE_URL="+db.URL)
	machine := "agent {\n  database  = env.GDF_DATABASE_URL\n  directory = " + strconv.Quote(filepath.Join(p.dir, "kept")) + "\n}\n"
	for i := range workspaces {
		name := fmt.Sprintf("seller-%d", i)
		dir := filepath.Join(p.dir, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		of := len(servers) / workspaces
		if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(agentConfig(servers[i*of:(i+1)*of], due)), 0o600); err != nil {
			return nil, err
		}
		machine += fmt.Sprintf("workspace %q {\n  dir = %q\n}\n", name, dir)
	}
	if err := os.MkdirAll(filepath.Join(p.dir, "kept"), 0o700); err != nil {
		return nil, err
	}
	if err := p.write("agent.hcl", machine); err != nil {
		return nil, err
	}
	if _, err := p.run(ctx, "agent", "migrate", "--config", "agent.hcl"); err != nil {
		return nil, err
	}
	return p.startAgent(ctx, o, db, workspaces)
}

// agentConfig is that of a workspace with these accounts, or with one that nobody calls.
func agentConfig(servers []*apiserver.Server, due string) string {
	urls := []string{"http://127.0.0.1:9"}
	if len(servers) > 0 {
		urls = nil
	}
	for _, s := range servers {
		urls = append(urls, s.URL)
	}
	var accounts, targets strings.Builder
	for i, url := range urls {
		fmt.Fprintf(&accounts, agentAccount, i, url, i, i, i)
		fmt.Fprintf(&targets, "\"standing.new-%d\", ", i)
	}
	return accounts.String() + fmt.Sprintf("schedule \"acknowledge\" {\n  %s\n  run    = \"apply\"\n  target = [%s]\n  limits {\n    max_changes = 10\n  }\n}\n", due, targets.String())
}

// agentAccount is an account of a workspace, and what is wanted of its new orders. The
// limit is one that no run waits for.
const agentAccount = `
account "shop-%d" {
  endpoint = %q
  rate_limit {
    burst            = 1000000
    limit_per_second = 1000000
  }
}
standing "new-%d" {
  account      = "shop-%d"
  live         = { source = "Walmart.com", status = "new", older_than = "10m" }
  status       = "acknowledged"
  order_number = "%d-${live.source_order_number}"
  max_per_run  = 10
}
`
