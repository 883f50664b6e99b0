package agent

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

func TestACommitComesIntoForce(t *testing.T) {
	s := newSellers(t)
	m := s.agent()
	first := s.push(s.every("10m"))
	if got := s.look(m); got != first {
		t.Fatalf("%s is in force, want %s\n%s", got, first, &s.log)
	}
	w, err := m.At(t.Context(), "seller", first)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(s.dir, "commits", exportsOf(&s.machine.Workspaces[0]), first); w.Source.Dir != want || w.Source.Home != filepath.Join(s.dir, "data", "seller") || w.Deps.Provenance.Commit != first {
		t.Errorf("%+v", w.Source)
	}
	second := s.push(s.every("20m"))
	if got := s.look(m); got != second {
		t.Errorf("%s is in force, want %s", got, second)
	}
	// A run keeps its commit, and another machine has it too.
	other := *s.machine
	other.Directory = t.TempDir()
	elsewhere := NewMachine(&other, m.deps, m.log)
	if w, err := elsewhere.At(t.Context(), "seller", first); err != nil || !strings.HasPrefix(w.Source.Dir, other.Directory) {
		t.Errorf("%+v, %v", w, err)
	}
	if versions, err := elsewhere.Refresh(t.Context(), s.db, s.clock); err != nil || len(versions) > 0 {
		t.Errorf("before it is on this machine, a commit is not in force here: %v, %v", versions, err)
	}
	if len(s.sent) > 0 {
		t.Errorf("%v", s.sent)
	}
}

// Whatever is wrong with a tip, the commit before stays in force, and people get one message.
func TestWhatIsRefusedChangesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		push func(s *sellers)
		why  string
	}{
		"pushed with force": {func(s *sellers) {
			s.git("checkout", "-q", "--orphan", "other")
			s.push(s.every("20m"))
			s.git("branch", "-M", "main")
		}, "was pushed with force"},
		"taken back":   {func(s *sellers) { s.git("reset", "-q", "--hard", "HEAD~1") }, "was pushed with force"},
		"no signature": {func(s *sellers) { s.push(s.every("20m")) }, "no good signature"},
		"a mistake":    {func(s *sellers) { s.push(s.every("20m") + "ordr \"x\" {}\n") }, "Unsupported block type"},
		"a table elsewhere": {func(s *sellers) {
			s.push(s.every("20m") + "batch \"b\" {\n  rows = csv(\"../other/x.csv\")\n  find = { id = row.id }\n  status = \"acknowledged\"\n  order_number = row.n\n}\n")
		}, "leads out of the configuration directory"},
		"a file elsewhere": {func(s *sellers) { s.push(s.every("20m") + "locals {\n  x = file(\"/etc/passwd\")\n}\n") }, "the path is absolute"},
		"half a schedule":  {func(s *sellers) { s.push("schedule \"x\" {}\n") }, "Missing"},
		"local":            {func(s *sellers) { s.push(strings.Replace(s.every("20m"), s.backend, "", 1)) }, `its backend is "local"`},
		"too often":        {func(s *sellers) { s.push(s.every("30s")) }, `schedule "feeds" is due every 30 s`},
		"too often, by cron": {func(s *sellers) {
			s.machine.Workspaces[0].MinEvery = 5 * time.Minute
			s.push(s.backend + "schedule \"x\" {\n  cron      = \"0,2 6 * * *\"\n  time_zone = \"UTC\"\n  run       = \"feeds\"\n}\n")
		}, "is due every 2 min"},
		"a link": {func(s *sellers) {
			if err := os.Symlink("/etc/passwd", filepath.Join(s.origin, "seller", "orders.csv")); err != nil {
				s.Skip(err)
			}
			s.push(s.every("20m"))
		}, "orders.csv is a symbolic link"},
		"a submodule": {func(s *sellers) {
			s.git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("ab", 20)+",seller/sub")
			if err := os.MkdirAll(filepath.Join(s.origin, "seller", "sub"), 0o700); err != nil {
				s.Fatal(err)
			}
			s.push(s.every("20m"))
		}, "sub is a submodule"},
		"no folder": {func(s *sellers) {
			s.git("mv", "seller", "moved")
			s.git("commit", "-q", "-m", "x")
		}, `it has no folder "seller"`},
		"no branch": {func(s *sellers) { s.git("branch", "-M", "trunk") }, `the repository has no branch "main"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSellers(t)
			s.push("# nothing yet\n" + s.every("10m"))
			first := s.push(s.every("10m"))
			m := s.agent()
			if got := s.look(m); got != first {
				t.Fatalf("%s is in force\n%s", got, &s.log)
			}
			if name == "no signature" {
				s.machine.Workspaces[0].Signers = filepath.Join(s.dir, "signers")
				s.write(s.dir, "signers", "")
			}
			c.push(s)
			for range 3 {
				s.clock = s.clock.Add(11 * time.Minute)
				if got := s.look(m); got != first {
					t.Fatalf("%s is in force\n%s", got, &s.log)
				}
			}
			if got := s.look(s.agent()); got != first { // another one, which knows nothing
				t.Errorf("%s is in force", got)
			}
			row := s.row()
			if !strings.Contains(row.RefusedWhy, c.why) || row.Commit != first || !row.FetchedAt.Equal(s.clock) {
				t.Errorf("%+v", row)
			}
			if diff := cmp.Diff([]string{"config_refused"}, s.sent); diff != "" {
				t.Errorf("%s\n%s", diff, &s.log)
			}
			if n := strings.Count(s.log.String(), "a commit does not come into force"); n != 1 {
				t.Errorf("it was logged %d times", n)
			}
		})
	}
}

// What was refused is over when the branch is good again, and the next one is reported.
func TestAfterARefusal(t *testing.T) {
	s := newSellers(t)
	s.push(s.every("10m"))
	m := s.agent()
	s.look(m)
	s.push("mistake\n")
	s.look(m)
	good := s.push(s.every("20m"))
	if got := s.look(m); got != good || s.row().RefusedWhy != "" {
		t.Errorf("%s is in force, %+v", got, s.row())
	}
	s.push("another mistake\n")
	if got := s.look(m); got != good || len(s.sent) != 2 {
		t.Errorf("%s is in force, %v", got, s.sent)
	}
}

// A tip that was refused for the machine's own file comes into force when that is changed.
func TestARefusedCommitIsLookedAtAgain(t *testing.T) {
	s := newSellers(t)
	first := s.push(s.every("10m"))
	m := s.agent()
	s.look(m)
	s.machine.Workspaces[0].MinEvery = time.Hour
	second := s.push(s.every("20m"))
	if got := s.look(m); got != first {
		t.Errorf("%s is in force", got)
	}
	s.machine.Workspaces[0].MinEvery = 0
	s.clock = s.clock.Add(m.timing.again)
	if got := s.look(m); got != second {
		t.Errorf("%s is in force\n%s", got, &s.log)
	}
}

// What has no commit in force has nobody to tell, and does not run.
func TestTheFirstCommitIsRefused(t *testing.T) {
	s := newSellers(t)
	s.push("mistake\n")
	m := s.agent()
	if got := s.look(m); got != "" || s.row().RefusedWhy == "" || len(s.sent) > 0 {
		t.Errorf("%s, %+v, %v", got, s.row(), s.sent)
	}
}

// A repository that can't be reached is no mistake of a commit. After an hour people get to
// know, and again when it is back. After max_config_age nothing runs.
func TestARepositoryThatCantBeReached(t *testing.T) {
	s := newSellers(t)
	first := s.push(s.every("10m"))
	m := s.agent()
	s.look(m)
	away := s.origin + ".away"
	if err := os.Rename(s.origin, away); err != nil {
		t.Fatal(err)
	}
	at := func(age time.Duration) *Workspace {
		t.Helper()
		s.clock = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC).Add(age)
		if got := s.look(m); got != first {
			t.Fatalf("%s is in force", got)
		}
		w, err := m.At(t.Context(), "seller", first)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	for _, c := range []struct {
		age     time.Duration
		sent    int
		stopped bool
	}{{30 * time.Minute, 0, false}, {61 * time.Minute, 1, false}, {5 * time.Hour, 1, false}, {25 * time.Hour, 1, true}} {
		w := at(c.age)
		if len(s.sent) != c.sent || (w.Stopped != "") != c.stopped {
			t.Errorf("after %v: %v, stopped: %q\n%s", c.age, s.sent, w.Stopped, &s.log)
		}
	}
	a := &agent{Options: Options{Workspaces: m}, execute: func(context.Context, reconcile.ScheduledRequest, reconcile.Deps, reconcile.Observer) (*reconcile.ScheduledReport, error) {
		t.Error("it runs")
		return nil, nil
	}}
	_, err := a.runs(t.Context(), &agentdb.Run{Workspace: "seller", Commit: first}, nil)
	if result, again := judged(nil, err, nil, false); result.Outcome != agentdb.Failed || again != nil || !strings.Contains(result.Message, "longer than max_config_age") {
		t.Errorf("%+v, %v", result, again)
	}
	if row := s.row(); row.RefusedWhy != "" {
		t.Errorf("%+v", row)
	}
	if err := os.Rename(away, s.origin); err != nil {
		t.Fatal(err)
	}
	if w := at(26 * time.Hour); w.Stopped != "" {
		t.Error(w.Stopped)
	}
	if diff := cmp.Diff([]string{"config_stale", "config_stale"}, s.sent); diff != "" {
		t.Errorf("%s\n%s", diff, &s.log)
	}
}

// One fetch is for all workspaces of a repository, and none waits for another repository.
func TestWatch(t *testing.T) {
	s := newSellers(t)
	second := s.machine.Workspaces[0]
	second.Name, second.Path = "other", "other"
	lost := second
	lost.Name, lost.Git = "lost", "file:///nowhere/at/all"
	s.machine.Workspaces = append(s.machine.Workspaces, second, lost)
	s.write(s.origin, "other/main.hcl", s.every("1h"))
	commit := s.push(s.every("10m"))
	m := s.agent()
	m.timing.fetch = time.Millisecond
	if len(m.byURL()) != 2 {
		t.Errorf("%v", m.byURL())
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.Watch(ctx, s.db)
	}()
	for ctx.Err() == nil {
		versions, err := m.Refresh(ctx, s.db, s.clock)
		if err != nil {
			t.Error(err)
			break
		}
		if len(versions) == 2 {
			if versions["other"].Commit != commit || versions["seller"].Commit != commit {
				t.Errorf("%v", versions)
			}
			break
		}
	}
	stop()
	<-ended
}
