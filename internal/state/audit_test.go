package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/provenance"
)

// auditOf is a store with n shipped orders on record, and the record's lines.
func auditOf(t testing.TB, n int) (*Store, [][]byte) {
	t.Helper()
	s := newTestStore(t.TempDir(), hastyOS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", PlanHash: "p1", Command: "apply"}))
	for i := range n {
		applied(t, x, i+1)
	}
	must(t, x.Commit())
	must(t, x.Close())
	data, err := os.ReadFile(files(s).Audit)
	must(t, err)
	return s, bytes.SplitAfter(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
}

func TestAuditRecord(t *testing.T) {
	s := newTestStore(t.TempDir(), disk.OS{})
	s.who.Approver, s.who.PullRequest, s.who.RunURL = "bob", "https://example.com/pull/7", "https://example.com/runs/1"
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1", PlanHash: "p1", Command: "apply"}))
	in := shipping(1)
	in.Sending, in.Repeated, in.Reason, in.At = 2, true, "answer lost", noon
	must(t, x.RecordOutcome(mustIntend(t, x, in), Outcome{Result: order.Done, Message: "ok", Status: 200, At: noon, ReadBack: true}))
	must(t, x.Commit())

	var got []audit.Entry
	for r, err := range s.AuditList(audit.Filter{}) {
		must(t, err)
		got = append(got, r)
	}
	before, after := in.Before, in.After
	want := []audit.Entry{{
		Line: 1, Prev: strings.Repeat("0", 64), At: noon, RunID: "run-1", Seq: 1, PlanHash: "p1",
		Provenance: provenance.Provenance{
			Who: "ann", Host: "build-7", Commit: "c0ffee", Approver: "bob",
			PullRequest: "https://example.com/pull/7", RunURL: "https://example.com/runs/1",
		},
		Endpoint: in.Endpoint, Account: in.Account, Address: in.Address,
		Order:  &audit.Order{Ref: testRef(1), OrderNumber: "O1", Tracking: "1Z1"},
		Action: "ship", Reason: "answer lost", Before: &before, After: &after,
		Result: order.Done, Status: 200, Message: "ok", Repeated: true, ReadBack: true, Hash: x.AuditHead().Hash,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The hash is what the comment in audit.go says, by the tools of any machine.
func TestAuditHashByHand(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip(err)
	}
	s, lines := auditOf(t, 2)
	script := `sed -n 2p "$1" | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\n' | sha256sum | cut -c1-64`
	out, err := exec.CommandContext(t.Context(), "sh", "-c", script, "sh", files(s).Audit).Output()
	must(t, err)
	var r audit.Entry
	must(t, json.Unmarshal(lines[1], &r))
	if hash := strings.TrimSpace(string(out)); hash != r.Hash {
		t.Errorf("by hand %s, in the record %s", hash, r.Hash)
	}
	if head, err := s.VerifyAudit(r.Hash + "@2"); err != nil || head.String() != r.Hash+"@2" {
		t.Errorf("head %v, %v", head, err)
	}
}

func TestATornAuditLine(t *testing.T) {
	s, lines := auditOf(t, 3)
	whole := bytes.Join(lines, nil)
	start := len(lines[0]) + len(lines[1])
	must(t, os.Remove(files(s).State)) // it remembers three lines
	s.rebuild = true
	for cut := start + 1; cut <= len(whole); cut += 7 {
		must(t, os.WriteFile(files(s).Audit, append(bytes.Clone(whole[:cut]), []byte{}...), 0o600))
		head, err := s.VerifyAudit("")
		if err != nil || head.Lines != 2 || !head.Torn {
			t.Fatalf("cut at %d: %+v, %v", cut, head, err)
		}
	}
	x := mustLock(t, s)
	if !noticed(x.Notices(), "what follows line 2 was not written to its end") {
		t.Errorf("notices: %v", x.Notices())
	}
	applied(t, x, 9)
	must(t, x.Commit())
	if head, err := s.VerifyAudit(""); err != nil || head.Lines != 3 || head.Torn {
		t.Errorf("%+v, %v", head, err)
	}
}

func TestLostAuditLinesGoOnRecord(t *testing.T) {
	s, lines := auditOf(t, 3)
	must(t, os.WriteFile(files(s).Audit, lines[0], 0o600))
	for range 2 { // the second time, it is known
		x := mustLock(t, s)
		must(t, x.Close())
	}
	var gaps []audit.Entry
	for r, err := range s.AuditList(audit.Filter{Action: audit.Gap}) {
		must(t, err)
		gaps = append(gaps, r)
	}
	if len(gaps) != 1 || gaps[0].Line != 2 {
		t.Errorf("%+v", gaps)
	}
	if _, err := s.VerifyAudit(""); err != nil {
		t.Error(err)
	}
}

// A record that is another one goes on record too, be it longer than the one
// that the state remembers.
func TestAnotherAuditGoesOnRecord(t *testing.T) {
	s, _ := auditOf(t, 2)
	other := newTestStore(t.TempDir(), disk.OS{})
	x := mustLock(t, other)
	for n := range 4 {
		applied(t, x, 9-n)
	}
	must(t, x.Commit())
	must(t, x.Close())
	data, err := os.ReadFile(files(other).Audit)
	must(t, err)
	must(t, os.WriteFile(files(s).Audit, data, 0o600))
	for range 2 { // the second time, it is known
		x := mustLock(t, s)
		must(t, x.Close())
	}
	gaps := 0
	for r, err := range s.AuditList(audit.Filter{Action: audit.Gap}) {
		must(t, err)
		if gaps++; r.Line != 5 {
			t.Errorf("%+v", r)
		}
	}
	if gaps != 1 {
		t.Errorf("%d lines tell of it", gaps)
	}
}

func TestADamagedAuditStops(t *testing.T) {
	s, _ := auditOf(t, 2)
	data, err := os.ReadFile(files(s).Audit)
	must(t, err)
	must(t, os.WriteFile(files(s).Audit, bytes.ReplaceAll(data, []byte("1Z2"), []byte("1Z3")), 0o600))
	var e *disk.DamagedError
	if _, err := s.Lock(t.Context(), LockRequest{Operation: "apply"}); !errors.As(err, &e) || e.Path != files(s).Audit {
		t.Error(err)
	}
	if _, _, err := s.Read(); err != nil {
		t.Errorf("reading changes nothing, and may go on: %v", err)
	}
}

func TestAuditList(t *testing.T) {
	s := newTestStore(t.TempDir(), hastyOS{})
	x := mustLock(t, s)
	must(t, x.Begin(Run{ID: "run-1"}))
	change := func(n int, action order.Action, at time.Time) {
		in := shipping(n)
		in.Action = action
		if action == order.Correct {
			in.Before.Tracking = "1Z-old"
		}
		must(t, x.RecordOutcome(mustIntend(t, x, in), Outcome{Result: order.Done, At: at}))
	}
	change(1, order.Ship, noon)
	change(2, order.Cancel, noon.Add(time.Hour))
	change(1, order.Correct, noon.Add(2*time.Hour))
	for name, test := range map[string]struct {
		filter audit.Filter
		lines  []int
	}{
		"all":               {audit.Filter{}, []int{1, 2, 3}},
		"by id":             {audit.Filter{Any: "order1"}, []int{1, 3}},
		"by source number":  {audit.Filter{Any: testRef(2).SourceNumber}, []int{2}},
		"as people say it":  {audit.Filter{Any: "amazon " + testRef(2).SourceNumber}, []int{2}},
		"by order number":   {audit.Filter{Any: "o1"}, []int{1, 3}},
		"by tracking":       {audit.Filter{Any: "1Z1"}, []int{1, 3}},
		"by an old number":  {audit.Filter{Any: "1z-old"}, []int{1, 3}},
		"by run":            {audit.Filter{RunID: "run-1"}, []int{1, 2, 3}},
		"by another run":    {audit.Filter{RunID: "run-2"}, nil},
		"by action":         {audit.Filter{Action: "cancel"}, []int{2}},
		"since":             {audit.Filter{Since: noon.Add(time.Hour)}, []int{2, 3}},
		"until":             {audit.Filter{Until: noon.Add(time.Hour)}, []int{1}},
		"by part of a name": {audit.Filter{Any: "order"}, nil},
	} {
		var got []int
		for r, err := range s.AuditList(test.filter) {
			must(t, err)
			got = append(got, r.Line)
		}
		if !slices.Equal(got, test.lines) {
			t.Errorf("%s: lines %v, want %v", name, got, test.lines)
		}
	}
	for range s.AuditList(audit.Filter{}) {
		break
	}
}

// A state that can't be read says nothing about the audit log.
func TestVerifyAuditAsksTheState(t *testing.T) {
	s, lines := auditOf(t, 6)
	must(t, os.WriteFile(files(s).Audit, bytes.Join(lines[:5], nil), 0o600))
	if _, err := s.VerifyAudit(""); err == nil || !strings.Contains(err.Error(), "line 6 was removed: ") {
		t.Errorf("the state was not asked: %v", err)
	}
	must(t, os.WriteFile(files(s).State, []byte("not a state"), 0o600))
	if head, err := s.VerifyAudit(""); err != nil || head.Lines != 5 {
		t.Errorf("%v, %v", head, err)
	}
}
