package gitlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
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

// Several processes work in one directory: a run that waits, and plans meanwhile.
func TestProcessesOfOneDirectory(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	open := func() *Place {
		p := place(t, dir, map[string]string{"remote": g.URL()})
		p.loose = 1 // as one with many objects: each packs them
		return p
	}
	writer := open()
	prev := add(t, writer, sharedlog.Before, "first")
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				p := open()
				page, err := p.Read(t.Context(), -1)
				if err != nil || len(page.Records) == 0 {
					t.Errorf("%d records, %v", len(page.Records), err)
				}
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n := range 10 {
		prev = add(t, writer, prev, fmt.Sprint(n))
	}
	close(done)
	wg.Wait()
}

// What is on this machine is only a copy: without it, or with half of it, the log
// is read all the same.
func TestAStoreThatIsDamaged(t *testing.T) {
	g := stores.NewGit(t)
	for name, damage := range map[string]func(t *testing.T, store string){
		"removed": func(t *testing.T, store string) {
			if err := os.RemoveAll(store); err != nil {
				t.Fatal(err)
			}
		},
		"without objects": func(t *testing.T, store string) {
			if err := os.RemoveAll(filepath.Join(store, "objects")); err != nil {
				t.Fatal(err)
			}
		},
		"of another commit": func(t *testing.T, store string) {
			if err := os.WriteFile(filepath.Join(store, "last"), []byte(strings.Repeat("a", 40)+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"not a commit": func(t *testing.T, store string) {
			if err := os.WriteFile(filepath.Join(store, "last"), []byte("--upload-pack=touch\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			attributes := map[string]string{"remote": g.URL(), "name": strings.ReplaceAll(name, " ", "-")}
			p := place(t, dir, attributes)
			prev := add(t, p, sharedlog.Before, "first")
			prev = add(t, p, prev, "second")
			store := p.store.dir
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := filepath.Glob(filepath.Join(store, "process-*")); len(left) > 0 {
				t.Errorf("a closed place leaves %v", left)
			}
			add(t, place(t, t.TempDir(), attributes), prev, "of another machine")
			damage(t, store)
			p = place(t, dir, attributes)
			page, err := p.Read(t.Context(), -1)
			if err != nil || len(page.Records) != 3 {
				t.Fatalf("%d records, %v", len(page.Records), err)
			}
			add(t, p, page.Records[2].Position(), "more")
		})
	}
}

// Whoever waits for a lease looks every few seconds, from every CI job that waits.
func TestALookCostsOneRoundTrip(t *testing.T) {
	g := stores.NewGit(t)
	h := g.Serve(t)
	remote := h.URL(stores.GitWriter)
	writer, reader := place(t, t.TempDir(), map[string]string{"remote": remote}), place(t, t.TempDir(), map[string]string{"remote": remote})
	end := add(t, writer, sharedlog.Before, "first")
	end = add(t, writer, end, "second")
	look := func() (records, asked, sent int) {
		t.Helper()
		h.Requests()
		for after := end.N - 1; ; {
			page, err := reader.Read(t.Context(), after)
			if err != nil {
				t.Fatal(err)
			}
			records += len(page.Records)
			after += int64(len(page.Records))
			if len(page.Records) == 0 || page.End {
				break
			}
		}
		for _, r := range h.Requests() {
			if r == "GET refs "+stores.GitWriter {
				asked++
			}
			if r == "POST git-upload-pack "+stores.GitWriter {
				sent++
			}
		}
		return records, asked, sent
	}
	want := func(what string, records, asked, sent int) {
		t.Helper()
		if r, a, s := look(); r != records || a != asked || s != sent {
			t.Errorf("%s: %d records, asked %d times with %d more requests; expected %d, %d, %d", what, r, a, s, records, asked, sent)
		}
	}
	want("the first look fetches", 1, 2, 3)
	want("nothing is new", 1, 1, 1)
	want("nothing is new", 1, 1, 1)
	add(t, writer, end, "third")
	want("one record is new", 2, 2, 3)
	want("nothing is new", 2, 1, 1)
	if page, err := reader.Read(t.Context(), end.N+1); err != nil || len(page.Records) != 0 {
		t.Error(page, err)
	}
	add(t, writer, sharedlog.Position{N: end.N + 1, Hash: record(end, "third").Position().Hash}, "fourth")
	if page, err := reader.Read(t.Context(), end.N+1); err != nil || len(page.Records) != 1 {
		t.Error(page, err)
	}
}

func TestAnObjectThatIsMissingIsFetchedAgain(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	p := place(t, dir, map[string]string{"remote": g.URL()})
	hash := sharedlog.HashOf([]byte("value"))
	if err := p.Put(t.Context(), hash, []byte("value")); err != nil {
		t.Fatal(err)
	}
	prev := add(t, p, sharedlog.Before, "first")
	add(t, p, prev, "second")
	for _, path := range []string{p.tip.log[0].path, p.tip.values[hash]} {
		object := p.tip.files[path]
		if err := os.Remove(filepath.Join(p.store.objects(), object[:2], object[2:])); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []*Place{p, place(t, dir, map[string]string{"remote": g.URL()})} {
		if page, err := p.Read(t.Context(), -1); err != nil || len(page.Records) != 2 {
			t.Errorf("%d records, %v", len(page.Records), err)
		}
		if got, err := p.Get(t.Context(), hash); err != nil || string(got) != "value" {
			t.Errorf("the value is %q, %v", got, err)
		}
	}
}

// A process that waits for days is not taken for one that was killed.
func TestRepositoriesOfKilledProcessesAreRemoved(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	waits := place(t, dir, map[string]string{"remote": g.URL()})
	prev := add(t, waits, sharedlog.Before, "first")
	killed := filepath.Join(waits.store.dir, "process-1")
	if err := os.Mkdir(killed, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{killed, waits.store.own} {
		old := time.Now().Add(-72 * time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := place(t, dir, map[string]string{"remote": g.URL()}).Read(t.Context(), -1); err != nil {
		t.Fatal(err)
	}
	if there(killed) {
		t.Error("what a killed process left is still there")
	}
	add(t, waits, prev, "second")
}

// A machine that applies for years must not drown in small files.
func TestOldObjectsArePacked(t *testing.T) {
	g := stores.NewGit(t)
	dir := t.TempDir()
	p := place(t, dir, map[string]string{"remote": g.URL()})
	prev := sharedlog.Before
	for n := range 12 {
		prev = add(t, p, prev, fmt.Sprint(n))
	}
	if err := p.Trim(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	prev = add(t, p, prev, "trimmed")
	before := p.store.dir
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	objects := func() (single, packs int) {
		err := filepath.WalkDir(before, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || d.IsDir():
				return err
			case filepath.Ext(path) == ".pack":
				packs++
			case len(d.Name()) == 38:
				single++
			}
			return os.Chtimes(path, old, old)
		})
		if err != nil {
			t.Fatal(err)
		}
		return single, packs
	}
	if single, _ := objects(); single < 60 {
		t.Fatalf("only %d objects", single)
	}
	p = place(t, dir, map[string]string{"remote": g.URL()})
	p.loose = 0
	if err := p.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if single, packs := objects(); single > 0 || packs != 1 {
		t.Errorf("%d objects and %d packs are left", single, packs)
	}
	add(t, p, prev, "more")
	if page, err := p.Read(t.Context(), 9); err != nil || len(page.Records) != 4 {
		t.Errorf("%d records, %v", len(page.Records), err)
	}
}

func TestBlocksThatCannotBe(t *testing.T) {
	for _, test := range []struct{ attribute, value string }{
		{"name", ""},
		{"name", "a/b"},
		{"name", "Main"},
		{"name", "a.lock"},
		{"name", "-a"},
		{"name", strings.Repeat("a", 65)},
		{"remote", ""},
		{"remote", "--upload-pack=x"},
		{"remote", "ext::sh -c x"},
		{"remote", "ext::x"},
		{"remote", "http://example.com/x.git"},
		{"remote", "git://example.com/x.git"},
		{"remote", "ftp://example.com/x.git"},
		{"remote", "a\nb"},
		{"remote", "fd::17"},
		{"public", "yes"},
		{"public", ""},
	} {
		_, mistake := Configured(sharedlog.Block{Attributes: map[string]string{test.attribute: test.value}, Log: sharedlog.State})
		if mistake == nil || mistake.Attribute != test.attribute || mistake.Detail == "" {
			t.Errorf("%s = %q: %+v", test.attribute, test.value, mistake)
		}
	}
	dir := t.TempDir()
	p, mistake := Configured(sharedlog.Block{Dir: dir, Attributes: map[string]string{"remote": "https://ann:t0ken@example.com/shop.git?private_token=t0ken"}, Log: sharedlog.Plans})
	if mistake != nil {
		t.Fatal(mistake)
	}
	if p.String() != "branch gdfctl-plans/main of https://example.com/shop.git" {
		t.Error(p)
	}
	if made, _ := os.ReadDir(dir); len(made) > 0 {
		t.Errorf("%s was made", made[0])
	}
}
