package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// agentProcess is an agent that runs, and its database.
type agentProcess struct {
	cmd        *exec.Cmd
	owner      *owner
	db         *stores.Database
	url        string // of its metrics
	workspaces int
	ended      chan error
	said       bytes.Buffer
}

func (p *place) startAgent(ctx context.Context, o *owner, db *stores.Database, workspaces int) (*agentProcess, error) {
	address, err := stores.FreeAddress()
	if err != nil {
		return nil, err
	}
	a := &agentProcess{owner: o, db: db, url: "http://" + address, workspaces: workspaces, ended: make(chan error, 1)}
	a.cmd = exec.CommandContext(ctx, p.program, "agent", "--config", "agent.hcl", "--metrics-listen", address)
	a.cmd.Dir, a.cmd.Env, a.cmd.Stderr = p.dir, p.env, &a.said
	if err := a.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { a.ended <- a.cmd.Wait() }()
	return a, nil
}

func (a *agentProcess) stop() {
	_ = a.cmd.Process.Signal(os.Interrupt) // it may have ended by itself
	<-a.ended
}

// settled waits until the agent knows all of its workspaces, and has stopped reading them.
func (a *agentProcess) settled(ctx context.Context) error {
	err := a.until(ctx, func() bool {
		resp, err := client.Get(a.url + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK && a.number(`SELECT count(*) FROM gdfctl_agent.gdfctl_schedules`) == int64(a.workspaces)
	})
	if err != nil {
		return err
	}
	return wait(ctx, 6*time.Second) // longer than from one look to the next
}

// runAll makes every schedule due, and waits until its run has ended.
func (a *agentProcess) runAll(ctx context.Context) error {
	const ended = `SELECT count(*) FROM gdfctl_agent.gdfctl_runs WHERE ended_at > 0`
	before := a.number(ended)
	// A due time that is newer than the last one, and that nothing has to catch up.
	a.db.Query(a.owner, `UPDATE gdfctl_agent.gdfctl_schedules SET next_due = (extract(epoch FROM clock_timestamp()) * 1000)::bigint`)
	if err := a.until(ctx, func() bool { return a.number(ended) >= before+int64(a.workspaces) }); err != nil {
		return err
	}
	if bad := a.db.Query(a.owner, `SELECT outcome || ': ' || message FROM gdfctl_agent.gdfctl_results WHERE outcome <> 'done' LIMIT 1`); len(bad) > 0 {
		return fmt.Errorf("a run is not done: %s", bad[0])
	}
	return nil
}

func (a *agentProcess) number(sql string) int64 {
	n, err := strconv.ParseInt(a.db.Query(a.owner, sql)[0], 10, 64)
	if err != nil {
		a.owner.Fatal(err)
	}
	return n
}

// until looks again and again, for some minutes at most.
func (a *agentProcess) until(ctx context.Context, done func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	for !done() {
		select {
		case err := <-a.ended:
			a.ended <- err
			return fmt.Errorf("the agent ended: %w\n%s", err, last(a.said.Bytes()))
		default:
		}
		if err := wait(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("the agent does not get there: %w\n%s", err, last(a.said.Bytes()))
		}
	}
	return nil
}

// during is what the agent took while something was done.
func (a *agentProcess) during(do func() error) (f agentFigures, err error) {
	const transactions = `SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()`
	cpu, err := a.cpu()
	if err != nil {
		return f, err
	}
	began, asked, size := time.Now(), a.number(transactions), a.size()
	if err := do(); err != nil {
		return f, err
	}
	f.took = time.Since(began)
	// Backends report what they did with a delay of a second at most, when they are idle.
	f.transactions = a.number(transactions) - asked
	after, err := a.cpu()
	if err != nil {
		return f, err
	}
	f.cpu = after - cpu
	grown := a.size()
	f.grown = sizes{kept: grown.kept - size.kept, queue: grown.queue - size.queue}
	f.memory, err = a.memory()
	return f, err
}

// size is how large the tables are that grow with every run, with their indexes.
func (a *agentProcess) size() sizes {
	of := func(pattern string) int64 {
		return a.number(`SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'gdfctl_agent'::regnamespace AND relname ~ '` + pattern + `'`)
	}
	return sizes{kept: of("^gdfctl_(runs|results)$"), queue: of("^river_job$")}
}

// cpu is what the process has used so far.
func (a *agentProcess) cpu() (time.Duration, error) {
	text, err := a.proc("stat")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) // the name before can have spaces
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/…/stat is not understood: %s", text)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * (time.Second / 100), errors.Join(err, err2) // the kernel's USER_HZ
}

// memory is what is resident, in bytes.
func (a *agentProcess) memory() (float64, error) {
	text, err := a.proc("status")
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(text, "VmRSS:")
	kib, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	n, err := strconv.ParseFloat(kib, 64)
	return n * 1024, err
}

func (a *agentProcess) proc(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(a.cmd.Process.Pid), name))
	return string(text), err
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
