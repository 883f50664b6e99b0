package agent

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/machine"
)

// A branch that this machine has no room for is refused like one with a mistake: the server answers, so
// nothing is stale.
func TestATipThatIsTooLargeIsRefused(t *testing.T) {
	s := newSellers(t)
	first := s.push(s.every("10m"))
	if got := s.look(s.agent()); got != first {
		t.Fatalf("%s is in force\n%s", got, &s.log)
	}
	s.machine.MostRepository = 1
	s.push(s.every("20m"))
	m := s.agent()
	for range 3 {
		s.clock = s.clock.Add(2 * time.Hour)
		if got := s.look(m); got != first {
			t.Fatalf("%s is in force\n%s", got, &s.log)
		}
	}
	if row := s.row(); !strings.Contains(row.RefusedWhy, "would make the repository larger than 0 MiB on this machine. Keep large files out of it, or raise max_repository_mib") || !row.FetchedAt.Equal(s.clock) {
		t.Errorf("%+v", row)
	}
	if found, err := m.Check(t.Context()); err != nil || found.Problems() != 1 || !strings.Contains(found.Workspaces[0].Problem, "max_repository_mib") {
		t.Errorf("%+v", found)
	}
	s.machine.MostRepository = 0
	if got := s.look(s.agent()); got == first {
		t.Errorf("%s is in force\n%s", got, &s.log)
	}
	if diff := cmp.Diff([]string{"config_refused"}, s.sent); diff != "" {
		t.Errorf("%s\n%s", diff, &s.log)
	}
}

// A refused commit leaves no files: it could be one of many that are large.
func TestARefusedCommitLeavesNoFiles(t *testing.T) {
	s := newSellers(t)
	first := s.push(s.every("10m"))
	m := s.agent()
	for range 3 {
		s.look(m)
		s.clock = s.clock.Add(time.Hour)
		s.push(s.every("20m") + "ordr \"x\" {}\n")
	}
	if got := s.look(m); got != first || s.row().RefusedWhy == "" {
		t.Fatalf("%s is in force\n%s", got, &s.log)
	}
	if left, err := os.ReadDir(filepath.Join(s.dir, "commits", exportsOf(&s.machine.Workspaces[0]))); err != nil || len(left) != 1 || left[0].Name() != first {
		t.Errorf("%v, %v", left, err)
	}
}

// What the machine's file has no more is removed from the disk.
func TestFilesOfAFormerWorkspaceGo(t *testing.T) {
	s := newSellers(t)
	first := s.push(s.every("10m"))
	s.look(s.agent())
	former := s.machine.Workspaces[0]
	s.machine.Workspaces = []machine.Workspace{{Name: "shop", Dir: s.dir}}
	for _, c := range []struct {
		after time.Duration
		there bool
	}{{time.Hour, true}, {8 * 24 * time.Hour, false}} {
		m := s.agent()
		m.tidy(time.Now().Add(c.after))
		if _, there := m.git.Exported(exportsOf(&former), first); there != c.there {
			t.Errorf("after %v: %v", c.after, there)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "git", "*")); len(left) > 0 {
		t.Errorf("%v", left)
	}
}
