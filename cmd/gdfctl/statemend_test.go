package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// keptState is a directory with a configuration and a state.
type keptState struct {
	t   *testing.T
	dir string
}

func newKeptState(t *testing.T) keptState {
	t.Helper()
	k := keptState{t, t.TempDir()}
	k.write("main.hcl", "account \"main\" {\n  endpoint = \"sandbox\"\n}\n")
	return k
}

func (k keptState) write(name, content string) {
	k.t.Helper()
	if err := os.WriteFile(filepath.Join(k.dir, name), []byte(content), 0o600); err != nil {
		k.t.Fatal(err)
	}
}

func (k keptState) lock() *state.Session {
	k.t.Helper()
	store := state.NewStore(local.New(filepath.Join(k.dir, "gdfctl.state.json")), state.Options{})
	session, err := store.Lock(k.t.Context(), state.LockRequest{Operation: "apply"})
	if err != nil {
		k.t.Fatal(err)
	}
	return session
}

// run executes a command line and returns its exit code and all it printed.
func (k keptState) run(args ...string) (int, string) {
	k.t.Helper()
	var out strings.Builder
	p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: &out, Err: &out, Env: func(string) string { return "" }, Now: time.Now}}
	code := run(p, append([]string{"--chdir", k.dir}, args...))
	return code, out.String()
}

func (k keptState) expect(code int, parts []string, args ...string) {
	k.t.Helper()
	got, out := k.run(args...)
	if got != code {
		k.t.Errorf("gdfctl %s: exit %d, want %d", strings.Join(args, " "), got, code)
	}
	for _, part := range parts {
		if !strings.Contains(out, part) {
			k.t.Errorf("gdfctl %s: no %q in\n%s", strings.Join(args, " "), part, out)
		}
	}
}

// ship begins a call, and leaves what became of it to be found out.
func ship(t *testing.T, session *state.Session, id string) state.IntentID {
	t.Helper()
	in := state.Intent{
		Key:     state.Key{Endpoint: "sandbox", Account: "main", ID: id},
		Ref:     order.Ref{ID: id, Source: "Amazon", SourceNumber: "112-" + id},
		Address: `order["` + id + `"]`, Action: order.Ship,
		After: order.Values{Status: order.Shipped, Tracking: "1Z" + id, Carrier: "UPS"},
	}
	if err := session.Begin(state.Run{ID: "run-" + id, Command: "apply"}); err != nil {
		t.Fatal(err)
	}
	seq, err := session.Intend(in)
	if err != nil {
		t.Fatal(err)
	}
	return state.IntentID{RunID: "run-" + id, Seq: seq}
}

func TestStateRmIsRefusedWhileACallIsOpen(t *testing.T) {
	k := newKeptState(t)
	session := k.lock()
	ship(t, session, "a1")
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}
	k.expect(exitDone, []string{"unknown"}, "state", "list")
	k.expect(exitDone, []string{"call_under_way", "1Za1"}, "state", "show", `order["a1"]`)
	k.expect(exitError, []string{"a1 can't be removed", "the call to ship it at", "run run-a1", "gdfctl apply --chdir " + k.dir}, "state", "rm", "112-a1", "--reason", "by hand")
	k.expect(exitDone, []string{"unknown"}, "state", "list")
}

func TestStateOfAnotherRun(t *testing.T) {
	k := newKeptState(t)
	session := k.lock()
	defer session.Close()
	k.expect(exitLocked, []string{"the state is locked by", "apply", "--lock-timeout"}, "state", "rm", "a1", "--reason", "by hand")
	k.expect(exitLocked, []string{"the state is locked by", "is alive"}, "state", "unlock", "--reason", "by hand")
	k.expect(exitDone, nil, "state", "list")
}

func TestStateUnlockAfterARunThatDidNotEnd(t *testing.T) {
	k := newKeptState(t)
	k.write("gdfctl.state.json.lock", `{"id":"lock-1","who":"ann","host":"ci","pid":1,"operation":"apply","since":"2026-11-20T12:00:00Z"}`)
	k.expect(exitError, []string{"the state has another lock: lock-1, of ann@ci (apply", "nothing was removed"}, "state", "unlock", "lock-2", "--reason", "x")
	k.expect(exitDone, []string{"Removed the lock of ann@ci (apply"}, "state", "unlock", "lock-1", "--reason", "the job was killed")
	k.expect(exitDone, []string{"state_unlock", "the job was killed"}, "audit", "list")
	k.expect(exitDone, []string{"The state is not locked"}, "state", "unlock", "--reason", "x")
}

func TestStateNamesOrdersThatShareANumber(t *testing.T) {
	k := newKeptState(t)
	session := k.lock()
	for _, account := range []string{"main", "other"} {
		values := order.Values{Status: order.Shipped, Tracking: "1Zsame"}
		session.Observe(state.Observation{
			Key: state.Key{Endpoint: "sandbox", Account: account, ID: "b2"}, Ref: order.Ref{ID: "b2", Source: "Amazon", SourceNumber: "112-2"}, Created: time.Now(),
			Observed: state.Observed{Values: values, At: time.Now()},
		})
	}
	if err := session.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}
	k.expect(exitError, []string{`2 orders go by "112-2"`, "b2 (account main)", "b2 (account other)"}, "state", "rm", "112-2", "--reason", "x")
	k.expect(exitDone, []string{"Removed b2 of account other"}, "state", "rm", "112-2", "--account", "other", "--reason", "x")
}

func TestStateShowsClosedOrders(t *testing.T) {
	k := newKeptState(t)
	session := k.lock()
	id := ship(t, session, "c3")
	if err := session.RecordOutcome(id, state.Outcome{Result: order.Done, Status: 200}); err != nil {
		t.Fatal(err)
	}
	values := order.Values{Status: order.Shipped, Tracking: "1Zc3"}
	session.Observe(state.Observation{
		Key: state.Key{Endpoint: "sandbox", Account: "main", ID: "c3"}, Ref: order.Ref{ID: "c3", Source: "Amazon", SourceNumber: "112-c3"}, Created: time.Now(),
		Observed: state.Observed{Values: values, At: time.Now()},
		Verified: true, Closed: &values,
	})
	if err := session.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}
	k.expect(exitDone, []string{"The state holds no open orders"}, "state", "list")
	for _, name := range []string{"c3", "amazon 112-c3", "112-c3", "1zC3", `batch.x["Amazon/112-c3"]`} {
		k.expect(exitDone, []string{"status                  closed", "wanted.tracking_number  1Zc3"}, "state", "show", name)
	}
	k.expect(exitDone, []string{"Removed c3 of account main"}, "state", "rm", "1Zc3", "--reason", "x")
	k.expect(exitError, []string{"the state has no order"}, "state", "show", "c3")
}

func TestStateRmIsRefusedWhereTheRecordIsNotAsItWasWritten(t *testing.T) {
	k := newKeptState(t)
	for _, id := range []string{"d4", "d5"} {
		session := k.lock()
		if err := session.RecordOutcome(ship(t, session, id), state.Outcome{Result: order.Done, Status: 200}); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(session.Commit(), session.Close()); err != nil {
			t.Fatal(err)
		}
	}
	record, err := os.ReadFile(filepath.Join(k.dir, "gdfctl.audit.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	k.write("gdfctl.audit.jsonl", strings.Replace(string(record), "1Zd4", "1Zd6", 1))
	k.expect(exitError, []string{"nothing was removed", "the audit log is not as it was written"}, "state", "rm", "d5", "--reason", "x")
	k.expect(exitDone, []string{"d5"}, "state", "list")
}
