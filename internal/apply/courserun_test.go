package apply_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/state"
)

func (c *course) apis(cfg *config.Config) map[string]apply.API {
	apis := map[string]apply.API{}
	for _, a := range cfg.Accounts {
		if a.Name == "shop" || len(cfg.Accounts) == 1 {
			apis[a.Name] = c.shop
		} else {
			apis[a.Name] = stranger()
		}
	}
	return apis
}

func (c *course) makePlan(cfg *config.Config, st *state.State) (*plan.Plan, plan.Input) {
	c.t.Helper()
	wishes, diags := cfg.Wishes(context.Background())
	if diags.HasErrors() {
		c.t.Fatal(diags)
	}
	readers := map[string]plan.Reader{}
	for name, api := range c.apis(cfg) {
		readers[name] = api
	}
	snap, err := plan.Read(context.Background(), plan.ReadRequest{Accounts: cfg.Accounts, APIs: readers, Wishes: wishes, State: st, Now: time.Now})
	if err != nil {
		c.t.Fatal(err)
	}
	in := plan.Input{Accounts: cfg.Accounts, Policy: cfg.Policy, Wishes: wishes, State: st, Snapshot: snap, Now: time.Now()}
	p, diags := plan.Build(in)
	if diags.HasErrors() {
		c.t.Fatal(diags)
	}
	return p, in
}

// plan saves a plan.
func (c *course) plan(t *rapid.T) {
	c.t = t
	cfg := c.config()
	defer cfg.Close()
	st, _, err := c.store.Read()
	if err != nil {
		c.fail("%v", err)
	}
	st.Adopt(stateAccounts(cfg.Config))
	p, _ := c.makePlan(cfg, st)
	if len(p.Changes) == 0 {
		t.Skip("no changes")
	}
	var file strings.Builder
	if _, err := p.Encode(&file); err != nil {
		t.Fatal(err)
	}
	p, hash, err := plan.Decode(strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	c.plans = append(c.plans, saved{p, hash})
	c.tell("saved plan %d: %s", len(c.plans), planned(p))
}

func planned(p *plan.Plan) string {
	var words []string
	for i := range p.Changes {
		words = append(words, fmt.Sprintf("%s %v %s", p.Changes[i].Order.ID, p.Changes[i].Actions, p.Changes[i].After.Tracking))
	}
	for _, held := range p.Held {
		words = append(words, held.Order.ID+" held: "+string(held.Code))
	}
	for _, pending := range p.Pending {
		words = append(words, pending.Order.ID+" pending")
	}
	return strings.Join(words, ", ")
}

func (c *course) applyDirect(t *rapid.T) {
	c.t = t
	c.apply(nil)
}

func (c *course) applySaved(t *rapid.T) {
	c.t = t
	if len(c.plans) == 0 {
		t.Skip("no plans")
	}
	c.apply(&c.plans[rapid.IntRange(0, len(c.plans)-1).Draw(t, "plan")])
}

// apply does what the command does. With a chance, the process is killed in
// the middle.
func (c *course) apply(from *saved) (p *plan.Plan, result *apply.Result) {
	cfg := c.config()
	defer cfg.Close()
	session, err := c.store.Lock(context.Background(), state.LockRequest{Operation: "apply"})
	if err != nil {
		c.fail("%v", err)
	}
	defer session.Close()
	st := session.State()
	st.Adopt(stateAccounts(cfg.Config))
	if len(st.Unclaimed(stateAccounts(cfg.Config))) > 0 {
		return nil, nil
	}
	if _, err := c.store.VerifyAudit(""); err != nil {
		c.fail("%v", err)
	}
	c.runs++
	run := state.Run{ID: fmt.Sprintf("run-%d", c.runs), Command: "apply"}
	if from == nil {
		var in plan.Input
		p, in = c.makePlan(cfg, st)
		for seen := range plan.Observe(in) {
			session.Observe(state.Observation{Key: seen.Key, Ref: seen.Live.Ref, Created: seen.Live.Created(), Observed: state.Observed{
				Values: seen.Live.Values, SourceStatus: seen.Live.SourceStatus, At: seen.At,
			}, Verified: seen.Verified, Closed: seen.Closed})
		}
		if run.PlanHash, err = p.Hash(); err != nil {
			c.t.Fatal(err)
		}
	} else {
		if _, done := st.PlanDone(from.hash); done || from.plan.Lineage != "" && from.plan.Lineage != st.Lineage() || from.plan.Lineage == "" && st.Len() > 0 {
			return nil, nil
		}
		wishes, diags := cfg.Wishes(context.Background())
		if diags.HasErrors() {
			c.t.Fatal(diags)
		}
		var unasked []plan.Unasked
		if p, unasked = plan.Asked(from.plan, plan.Asking{Wishes: wishes, Accounts: cfg.Accounts, State: st, Policy: cfg.Policy, Now: time.Now()}); len(unasked) > 0 {
			return nil, nil
		}
		run.PlanHash = from.hash
	}
	if err := session.Begin(run); err != nil {
		c.t.Fatal(err)
	}
	journal := &mortal{Session: session, left: -1}
	if rapid.IntRange(0, 2).Draw(c.t, "kill") == 0 {
		journal.left = rapid.IntRange(0, 5).Draw(c.t, "kill at")
		journal.after = rapid.Bool().Draw(c.t, "after it is written")
		// What a killed run leaves open is reread after settle.
		journal.onlyOutcomes = c.shop.lag > 90*time.Second
	}
	var kept apply.Journal = journal
	if c.far {
		d := newDistant(journal)
		if c.cutOff {
			d.takenOver()
		}
		kept = d
	}
	began := len(c.story)
	c.tell("")
	result, err = apply.Run(context.Background(), apply.Options{
		Plan: p, Accounts: cfg.Accounts, APIs: c.apis(cfg), Journal: kept, RunID: run.ID, Policy: cfg.Policy, Now: time.Now, Parallelism: 1,
	})
	c.story[began] += fmt.Sprintf("apply %d (saved %t): %s → %v killed %t, err %v", c.runs, from != nil, planned(p), result.Counts, journal.dead, err)
	for _, item := range result.Items {
		c.story[began] += fmt.Sprintf("; %s %s: %s", item.Order.ID, item.Result, item.Message)
	}
	if c.cutOff = journal.dead; c.cutOff {
		return p, result
	}
	if err != nil {
		c.fail("a run that was not killed ended with %v", err)
	}
	if result.Complete() {
		session.FinishPlan(run.PlanHash, run.ID, state.PlanCounts{})
	}
	before, _ := os.ReadFile(c.paths.State)
	written, _ := os.ReadFile(c.paths.Journal)
	if err := session.Commit(); err != nil {
		c.fail("%v", err)
	}
	torn := rapid.IntRange(0, 5).Draw(c.t, "killed while it saved")
	if torn > 1 || len(written) == 0 {
		return p, result
	}
	c.tell("killed before %s", []string{"the journal was dropped", "the state was saved"}[torn])
	if err := session.Close(); err != nil {
		c.t.Fatal(err)
	}
	if torn == 1 && len(before) == 0 {
		err = removeAll(c.paths.State)
	} else if torn == 1 {
		err = os.WriteFile(c.paths.State, before, 0o600)
	}
	if err := errors.Join(err, os.WriteFile(c.paths.Journal, written, 0o600)); err != nil {
		c.t.Fatal(err)
	}
	return p, result
}

// mortal is a session whose process is killed at one of its writes.
type mortal struct {
	*state.Session
	mu           sync.Mutex // a window and outcomes are written down at the same time
	left         int        // writes until it is killed; negative: never
	after        bool       // it is killed when the write is on disk
	onlyOutcomes bool       // it is not killed while a call is under way
	dead         bool
}

var errKilled = errors.New("killed")

func (m *mortal) dies() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left--
	m.dead = m.dead || m.left == -1
	return m.dead
}

func (m *mortal) isDead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

func (m *mortal) IntendWindow(window []state.Intent) ([]state.Intent, error) {
	dies := m.dies()
	if dies && (!m.after || m.onlyOutcomes) {
		return nil, errKilled
	}
	made, err := m.Session.IntendWindow(window)
	if dies {
		err = errKilled
	}
	return made, err
}

func (m *mortal) Intend(in state.Intent) (uint64, error) {
	dies := m.dies()
	if dies && (!m.after || m.onlyOutcomes) {
		return 0, errKilled
	}
	seq, err := m.Session.Intend(in)
	if dies {
		err = errKilled
	}
	return seq, err
}

func (m *mortal) RecordOutcome(id state.IntentID, out state.Outcome) error {
	if m.isDead() {
		return errKilled
	}
	dies := m.dies()
	if dies && !m.after && !m.onlyOutcomes {
		return errKilled
	}
	err := m.Session.RecordOutcome(id, out)
	if dies {
		err = errKilled
	}
	return err
}
