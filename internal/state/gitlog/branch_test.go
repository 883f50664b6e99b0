package gitlog

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func wantTaken(t *testing.T, err error) {
	t.Helper()
	var taken *sharedlog.TakenError
	if !errors.As(err, &taken) {
		t.Errorf("error %v, expected a TakenError", err)
	}
}

// What is behind a branch that was deleted or put back must not come back with the
// next push: whoever decided between the two knows nothing of it.
func TestABranchThatWasMovedByOthers(t *testing.T) {
	for name, move := range map[string]func(g *stores.Git){
		"deleted":     func(g *stores.Git) { g.Git("update-ref", "-d", "refs/heads/gdfctl-state/main") },
		"rolled back": func(g *stores.Git) { g.Git("update-ref", "refs/heads/gdfctl-state/main", "gdfctl-state/main~1") },
		"begun again": func(g *stores.Git) {
			g.Git("update-ref", "-d", "refs/heads/gdfctl-state/main")
			other := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
			if err := other.Append(t.Context(), sharedlog.Before, record(sharedlog.Before, "again")); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := stores.NewGit(t)
			p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
			first := add(t, p, sharedlog.Before, "first")
			prev := add(t, p, first, "second")
			reader := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
			if _, err := reader.Read(t.Context(), -1); err != nil {
				t.Fatal(err)
			}
			move(g)
			wantTaken(t, p.Append(t.Context(), prev, record(prev, "third")))
			for _, p := range []*Place{p, reader, place(t, t.TempDir(), map[string]string{"remote": g.URL()})} {
				page, err := p.Read(t.Context(), -1)
				switch {
				case name == "deleted" && errors.Is(err, sharedlog.ErrNoLog):
				case name == "rolled back" && err == nil && len(page.Records) == 1 && page.Records[0].Position() == first:
				case name == "begun again" && err == nil && len(page.Records) == 1 && page.Records[0].Position() != first:
				default:
					t.Errorf("it reads %d records, %v", len(page.Records), err)
				}
			}
			if name == "rolled back" {
				add(t, p, first, "another second")
			}
		})
	}
}

func TestABranchThatHoldsSomethingElse(t *testing.T) {
	g := stores.NewGit(t)
	clones(t, g)
	g.Git("branch", "gdfctl-state/main", "trunk")
	before := g.Git("rev-parse", "gdfctl-state/main")
	p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	if _, err := p.Read(t.Context(), -1); !errors.Is(err, sharedlog.ErrNoLog) {
		t.Error(err)
	}
	_, err := p.Prove(t.Context())
	wantRefused(t, err, "holds something else", "another name")
	wantRefused(t, p.Append(t.Context(), sharedlog.Before, record(sharedlog.Before, "first")), "holds something else", "another name")
	if g.Git("rev-parse", "gdfctl-state/main") != before {
		t.Error("the branch was changed")
	}

	g = stores.NewGit(t)
	clones(t, g)
	g.Git("branch", "gdfctl-state", "trunk")
	p = place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	wantRefused(t, p.Append(t.Context(), sharedlog.Before, record(sharedlog.Before, "first")), "the beginning of this one's", "Rename")
}

// Somebody corrects a word in the README, against its advice.
func TestACommitThatIsNotARecord(t *testing.T) {
	g := stores.NewGit(t)
	p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	prev := add(t, p, sharedlog.Before, "first")
	u := &user{t: t, home: t.TempDir()}
	u.git(u.home, "clone", "-q", "-b", "gdfctl-state/main", g.URL(), "edited")
	u.write(filepath.Join(u.home, "edited", "README.md"), "corrected")
	u.write(filepath.Join(u.home, "edited", "notes", "a.txt"), "kept")
	u.git(filepath.Join(u.home, "edited"), "add", ".")
	u.git(filepath.Join(u.home, "edited"), "commit", "-qm", "a word")
	u.git(filepath.Join(u.home, "edited"), "push", "-q")
	prev = add(t, p, prev, "second")
	add(t, p, prev, "third")
	if n := g.Git("rev-list", "--count", "gdfctl-state/main"); n != "4" {
		t.Errorf("%s commits", n)
	}
	if got := g.Git("show", "gdfctl-state/main:README.md") + g.Git("show", "gdfctl-state/main:notes/a.txt"); got != "correctedkept" {
		t.Errorf("what was committed became %q", got)
	}
}

func TestWhatIsOnTheBranch(t *testing.T) {
	g := stores.NewGit(t)
	p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	p.now = func() time.Time { return begun.Add(-48 * time.Hour) }
	prev := add(t, p, sharedlog.Before, "first")
	put := func(text string) string {
		hash := sharedlog.HashOf([]byte(text))
		if err := p.Put(t.Context(), hash, []byte(text)); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	snapshot := func(readable map[string][]string) {
		r := record(prev, "snapshot")
		r.Kind, r.Snapshot, r.Readable = "snapshot", true, readable
		if err := p.Append(t.Context(), prev, r); err != nil {
			t.Fatal(err)
		}
		prev = r.Position()
	}
	large := strings.Repeat("x", 700_000) + "\n"
	one, two, three, four := put("one\n"), put("two\n"), put(large), put("y"+large)
	snapshot(map[string][]string{"state.json": {one}, "audit/2026-11-26.jsonl": {one, two}, "closed/2026-11.jsonl": {three, four}, "closed/2026-10.jsonl": {one}})
	files := strings.Fields(g.Git("ls-tree", "-r", "--name-only", "gdfctl-state/main"))
	want := []string{
		"README.md", "audit/2026-11-26.jsonl", "closed/2026-10.jsonl", "closed/2026-11.jsonl.1", "closed/2026-11.jsonl.2",
		"log/2026-11-27/000000000-outcomes.json", "log/2026-11-27/000000001-snapshot+start.json", "state.json",
	}
	for _, hash := range []string{one, two, three, four} {
		want = append(want, "values/2026-11-25/"+hash[:2]+"/"+hash)
	}
	if diff := cmp.Diff(sorted(want), sorted(files)); diff != "" {
		t.Error(diff)
	}
	if got := g.Git("show", "gdfctl-state/main:audit/2026-11-26.jsonl"); got != "one\ntwo" {
		t.Errorf("the audit log for people is %q", got)
	}

	// The next snapshot has another state and a shorter list, and a value is put again.
	p.now = func() time.Time { return begun }
	put("two\n")
	put("three\n")
	snapshot(map[string][]string{"state.json": {two}, "closed/2026-11.jsonl": {one}})
	if got := g.Git("show", "gdfctl-state/main:state.json") + g.Git("show", "gdfctl-state/main:closed/2026-11.jsonl"); got != "twoone" {
		t.Errorf("the files for people are %q", got)
	}
	if err := p.Trim(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	swept := begun.Add(-24 * time.Hour)
	if err := p.Sweep(t.Context(), func(hash string) bool { return hash == one }, swept); err != nil {
		t.Fatal(err)
	}
	prev = add(t, p, prev, "next")
	files = strings.Fields(g.Git("ls-tree", "-r", "--name-only", "gdfctl-state/main"))
	want = []string{
		"README.md", "audit/2026-11-26.jsonl", "closed/2026-11.jsonl",
		"log/2026-11-27/000000000-outcomes.json", "log/2026-11-27/000000002-snapshot+start.json", "log/2026-11-27/000000003-outcomes.json", "state.json",
		"values/2026-11-25/" + one[:2] + "/" + one, "values/2026-11-27/" + two[:2] + "/" + two,
	}
	hash := sharedlog.HashOf([]byte("three\n"))
	want = append(want, "values/2026-11-27/"+hash[:2]+"/"+hash)
	if diff := cmp.Diff(sorted(want), sorted(files)); diff != "" {
		t.Error(diff)
	}
	if _, err := place(t, t.TempDir(), map[string]string{"remote": g.URL()}).Get(t.Context(), three); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	for _, name := range []string{"../x", "/x", "log/x", "values", "README.md", ".git/config", "a/.gitmodules", "a//b", "a\nb", ""} {
		r := record(prev, name)
		r.Readable = map[string][]string{name: {one}}
		if err := p.Append(t.Context(), prev, r); err == nil {
			t.Errorf("a file for people is called %q", name)
			prev = r.Position()
		}
	}
}

// Whoever lost the log has nothing to remove any more, however long it waits until
// it has something to append.
func TestAFormerHolderRemovesNothing(t *testing.T) {
	g := stores.NewGit(t)
	p, other := place(t, t.TempDir(), map[string]string{"remote": g.URL()}), place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	prev := add(t, p, sharedlog.Before, "first")
	was := add(t, p, prev, "second")
	if err := p.Trim(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	prev = add(t, other, was, "third")
	wantTaken(t, p.Append(t.Context(), was, record(was, "lost")))
	add(t, p, prev, "an outcome")
	if page, err := other.Read(t.Context(), -1); err != nil || len(page.Records) != 4 {
		t.Errorf("%d records, %v", len(page.Records), err)
	}
}

func sorted(names []string) string {
	slices.Sort(names)
	return strings.Join(names, "\n")
}

func TestNamesShareARepository(t *testing.T) {
	const names, records = 8, 5
	g := stores.NewGit(t)
	dir := t.TempDir()
	places := make([]*Place, names)
	for i := range places {
		places[i] = place(t, dir, map[string]string{"remote": g.URL(), "name": fmt.Sprint("shop-", i)})
	}
	var wg sync.WaitGroup
	for _, p := range places {
		wg.Go(func() {
			prev := sharedlog.Before
			for n := range records {
				r := record(prev, fmt.Sprint(p, n))
				if err := p.Append(t.Context(), prev, r); err != nil {
					t.Error(err)
					return
				}
				prev = r.Position()
			}
		})
	}
	wg.Wait()
	for _, p := range places {
		if page, err := p.Read(t.Context(), -1); err != nil || len(page.Records) != records {
			t.Errorf("%s: %d records, %v", p, len(page.Records), err)
		}
		if p.Pace() != 10*time.Second {
			t.Errorf("a pace of %s", p.Pace())
		}
	}
}
