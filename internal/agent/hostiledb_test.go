package agent

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// Whoever writes to the database says which commit is in force, and chooses none of the
// machine's folders thereby: not what another workspace brought, and nothing else.
func TestTheDatabaseNamesNoFolder(t *testing.T) {
	s := newSellers(t)
	other := s.machine.Workspaces[0]
	other.Name, other.Path = "other", "other"
	s.machine.Workspaces = append(s.machine.Workspaces, other)
	s.write(s.origin, "other/main.hcl", s.every("1h"))
	commit := s.push(s.every("10m"))
	m := s.agent()
	if got := s.look(m); got != commit {
		t.Fatalf("%s is in force\n%s", got, &s.log)
	}
	planted := t.TempDir()
	s.write(planted, "main.hcl", s.every("10m"))
	climb, err := filepath.Rel(filepath.Dir(exported(t, m, "seller", commit)), planted)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := filepath.Rel(filepath.Dir(exported(t, m, "seller", commit)), exported(t, m, "other", commit))
	if err != nil {
		t.Fatal(err)
	}
	for _, named := range []string{theirs, climb, ".", "..", "x; rm -rf .", commit[:12], commit + "/", "HEAD", "main"} {
		if moved, err := s.db.Advance(t.Context(), "seller", s.row().Commit, named, s.clock); err != nil || !moved {
			t.Fatal(moved, err)
		}
		if versions, err := m.Refresh(t.Context(), s.db, s.clock); err != nil || versions["seller"].Commit != "" {
			t.Errorf("%q is in force: %v, %v", named, versions["seller"], err)
		}
		if w, err := m.At(t.Context(), "seller", named); err == nil {
			t.Errorf("%q leads to %s", named, w.Source.Dir)
		}
		a := &agent{Options: Options{Workspaces: m}}
		if _, err := a.runs(t.Context(), &agentdb.Run{Workspace: "seller", Schedule: "feeds", Commit: named}, nil); err == nil {
			t.Errorf("%q runs", named)
		}
		if got := s.look(m); got != commit { // and that is over with the next look at the branch
			t.Errorf("after %q, %q is in force\n%s", named, got, &s.log)
		}
	}
}

// A commit that the database names, and that no agent has looked at, runs no schedule whose
// state would be this machine's alone: it would know nothing of what was sent.
func TestTheDatabaseBringsNoStateOfOneMachine(t *testing.T) {
	s := newSellers(t)
	local := s.push(strings.Replace(s.every("10m"), s.backend, "", 1))
	good := s.push(s.every("10m"))
	m := s.agent()
	if got := s.look(m); got != good {
		t.Fatalf("%s is in force\n%s", got, &s.log)
	}
	a := &agent{Options: Options{Workspaces: m}, db: s.db, log: m.log, execute: reconcile.RunScheduled}
	_, err := a.runs(t.Context(), &agentdb.Run{Workspace: "seller", Schedule: "feeds", Commit: local}, nil)
	if refused := (*reconcile.LocalStateError)(nil); !errors.As(err, &refused) || !reconcile.ForGood(err) {
		t.Errorf("%v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "data", "seller", "*")); len(left) > 0 {
		t.Errorf("it left %q", left)
	}
}

// A workspace whose repository or folder is corrected in the machine's file has nothing of the
// former one, though the commit in force is the same: its variables are not for that.
func TestACorrectedSourceLeavesNothingOfTheFormer(t *testing.T) {
	s := newSellers(t)
	s.write(s.origin, "other/main.hcl", s.every("1h"))
	s.write(s.origin, "other/only-here.csv", "a\n")
	s.machine.Workspaces[0].Path = "other"
	commit := s.push(s.every("10m"))
	m := s.agent()
	if got := s.look(m); got != commit {
		t.Fatalf("%s is in force\n%s", got, &s.log)
	}
	s.machine.Workspaces[0].Path = "seller"
	m = s.agent() // it is started again
	if versions, err := m.Refresh(t.Context(), s.db, s.clock); err != nil || len(versions) > 0 {
		t.Errorf("before it was looked at, it runs what the former folder had: %v, %v", versions, err)
	}
	dir := exported(t, m, "seller", commit)
	if _, err := os.Stat(filepath.Join(dir, "only-here.csv")); err == nil {
		t.Error("it still runs what the former folder had")
	}
	if got := s.look(m); got != commit {
		t.Errorf("%s is in force\n%s", got, &s.log)
	}

	// In another repository, nothing comes after what is in force.
	s.origin = t.TempDir()
	s.git("init", "-q", "-b", "main")
	s.push(s.every("20m"))
	s.machine.Workspaces[0].Git = "file://" + filepath.ToSlash(s.origin)
	m = s.agent()
	if got := s.look(m); got != "" {
		t.Errorf("%s is in force", got)
	}
	if w, err := m.At(t.Context(), "seller", commit); err == nil {
		t.Errorf("it runs %s", w.Source.Dir)
	}
	if row := s.row(); !strings.Contains(row.RefusedWhy, "another name") {
		t.Errorf("%+v", row)
	}
}

// exported is the folder of a commit.
func exported(t *testing.T, m *Machine, workspace, commit string) string {
	t.Helper()
	w, err := m.At(t.Context(), workspace, commit)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.Source.Dir); err != nil {
		t.Fatal(err)
	}
	return w.Source.Dir
}
