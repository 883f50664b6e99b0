package gitlog

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// user is a person with a home directory and a clone of a repository in it.
type user struct {
	t                *testing.T
	home, clone, dir string // dir is that of the configuration
}

// clones makes a repository with three commits, and a clone of it.
func clones(t *testing.T, g *stores.Git, options ...string) *user {
	t.Helper()
	home := t.TempDir()
	u := &user{t: t, home: home, clone: filepath.Join(home, "shop")}
	work := filepath.Join(home, "first")
	u.git(home, "init", "-q", "-b", "trunk", work)
	for i := range 3 {
		u.write(filepath.Join(work, "orders.csv"), fmt.Sprint(i))
		u.git(work, "add", ".")
		u.git(work, "commit", "-qm", fmt.Sprint("commit ", i))
	}
	u.git(work, "push", "-q", "--force", g.URL(), "trunk")
	g.Git("config", "uploadpack.allowFilter", "true")
	u.git(home, append(append([]string{"clone", "-q"}, options...), g.URL(), u.clone)...)
	if err := os.RemoveAll(work); err != nil {
		t.Fatal(err)
	}
	u.write(filepath.Join(u.clone, "orders.csv"), "changed and not committed")
	u.write(filepath.Join(u.clone, "staged.csv"), "staged")
	u.git(u.clone, "add", "staged.csv")
	u.dir = u.clone
	return u
}

func (u *user) env() []string {
	return append(os.Environ(), "HOME="+u.home, "XDG_CONFIG_HOME="+u.home, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+filepath.Join(u.home, ".gitconfig"),
		"GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com", "GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@example.com")
}

func (u *user) git(dir string, args ...string) string {
	u.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = dir, u.env()
	out, err := cmd.CombinedOutput()
	if err != nil {
		u.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (u *user) write(path, text string) {
	u.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		u.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		u.t.Fatal(err)
	}
}

// files are everything below the home directory, without what gdfctl keeps.
func (u *user) files() map[string]string {
	u.t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(u.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".gdfctl" {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := []byte(info.Mode().String())
		if d.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text = append(append(text, ' '), content...)
		}
		found[path] = string(text)
		return nil
	})
	if err != nil {
		u.t.Fatal(err)
	}
	return found
}

// place is the user's place for a block.
func (u *user) place(attributes map[string]string) *Place {
	p := place(u.t, u.dir, attributes)
	p.environ = u.env()
	return p
}

// appends appends a record, and reads it as another process.
func (u *user) appends(attributes map[string]string) {
	u.t.Helper()
	prev := add(u.t, u.place(attributes), sharedlog.Before, "first")
	if page, err := u.place(attributes).Read(u.t.Context(), -1); err != nil || len(page.Records) != 1 || page.Records[0].Position() != prev {
		u.t.Fatal(page, err)
	}
}

// uses does everything that a place is good for.
func (u *user) uses(attributes map[string]string) {
	u.t.Helper()
	t := u.t
	p := u.place(attributes)
	if err := p.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	if warnings, err := p.Prove(t.Context()); err != nil || len(warnings) > 0 {
		t.Fatal(warnings, err)
	}
	prev := add(t, p, sharedlog.Before, "first")
	hash := sharedlog.HashOf([]byte("value"))
	if err := p.Put(t.Context(), hash, []byte("value")); err != nil {
		t.Fatal(err)
	}
	prev = add(t, p, prev, "second")
	if _, err := p.Prove(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := u.place(attributes)
	if page, err := other.Read(t.Context(), -1); err != nil || len(page.Records) != 2 {
		t.Fatal(page, err)
	}
	add(t, other, prev, "third")
	if _, err := other.Get(t.Context(), hash); err != nil {
		t.Fatal(err)
	}
	if page, err := p.Read(t.Context(), 1); err != nil || len(page.Records) != 1 {
		t.Fatal(page, err)
	}
	for _, p := range []*Place{p, other} {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAClonesFilesStayAsTheyAre(t *testing.T) {
	for name, prepare := range map[string]func(u *user, g *stores.Git) *user{
		"clone":   func(u *user, _ *stores.Git) *user { return u },
		"shallow": func(u *user, g *stores.Git) *user { return clones(u.t, g, "--depth=1") },
		"partial": func(u *user, g *stores.Git) *user { return clones(u.t, g, "--filter=blob:none") },
		"worktree": func(u *user, _ *stores.Git) *user {
			u.dir = filepath.Join(u.home, "linked")
			u.git(u.clone, "worktree", "add", "-q", u.dir, "HEAD")
			return u
		},
		"folder": func(u *user, _ *stores.Git) *user {
			u.dir = filepath.Join(u.clone, "eu", "orders")
			u.write(filepath.Join(u.dir, "main.hcl"), "")
			return u
		},
		"remote by a relative path": func(u *user, g *stores.Git) *user {
			path, err := filepath.Rel(u.clone, g.Dir)
			if err != nil {
				u.t.Fatal(err)
			}
			u.git(u.clone, "remote", "set-url", "origin", path)
			u.dir = filepath.Join(u.clone, "eu")
			u.write(filepath.Join(u.dir, "main.hcl"), "")
			return u
		},
		"clone with settings for pushes": func(u *user, _ *stores.Git) *user {
			u.git(u.clone, "config", "push.default", "matching")
			u.git(u.clone, "config", "push.followTags", "true")
			u.git(u.clone, "config", "push.gpgSign", "true")
			u.git(u.clone, "config", "fetch.prune", "true")
			u.git(u.clone, "config", "gc.auto", "1")
			u.git(u.clone, "config", "remote.origin.mirror", "true")
			u.git(u.clone, "tag", "-a", "v1", "-m", "v1")
			return u
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := stores.NewGit(t)
			u := prepare(clones(t, g), g)
			before, branches := u.files(), g.Git("for-each-ref", "--format=%(refname)")
			u.uses(nil)
			if diff := cmp.Diff(before, u.files()); diff != "" {
				t.Error(diff)
			}
			if got := g.Git("for-each-ref", "--format=%(refname)"); got != "refs/heads/gdfctl-state/main\n"+branches {
				t.Errorf("the server has the branches\n%s", got)
			}
			if status := u.git(u.dir, "status", "--porcelain", "--ignored=no"); strings.Contains(status, ".gdfctl") {
				t.Errorf("git shows gdfctl's folder:\n%s", status)
			}
		})
	}
}

// Hooks of the user, as LFS installs them, are for the user's own pushes.
func TestNoHookOfTheUserRuns(t *testing.T) {
	for name, folder := range map[string]func(u *user) string{
		"of the clone": func(u *user) string { return filepath.Join(u.clone, ".git", "hooks") },
		"of all clones": func(u *user) string {
			u.write(filepath.Join(u.home, ".gitconfig"), "[core]\n\thooksPath = "+filepath.Join(u.home, "hooks")+"\n")
			return filepath.Join(u.home, "hooks")
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := stores.NewGit(t)
			u := clones(t, h)
			marker := filepath.Join(t.TempDir(), "ran")
			for _, hook := range []string{
				"pre-push", "reference-transaction", "post-checkout", "post-merge", "pre-auto-gc", "post-index-change", "fsmonitor-watchman",
				"pre-commit", "commit-msg", "post-commit", "post-rewrite", "pre-receive", "update",
			} {
				u.write(filepath.Join(folder(u), hook), "#!/bin/sh\necho "+hook+" >> "+marker+"\nexit 1\n")
			}
			u.git(u.clone, "config", "core.fsmonitor", filepath.Join(folder(u), "fsmonitor-watchman"))
			// Over HTTP, so that the server is not configured by the user.
			s := h.Serve(t)
			u.uses(map[string]string{"remote": s.URL(stores.GitWriter)})
			if ran, err := os.ReadFile(marker); err == nil {
				t.Errorf("hooks ran: %s", ran)
			}
		})
	}
}

// A repository on this machine is opened with the user's configuration, hooks for
// all clones included. Those are not run for a fetch into the store.
func TestNoHookOfTheUserRunsForAFetch(t *testing.T) {
	g := stores.NewGit(t)
	u := clones(t, g)
	add(t, place(t, t.TempDir(), map[string]string{"remote": g.URL()}), sharedlog.Before, "first")
	marker := filepath.Join(t.TempDir(), "ran")
	u.write(filepath.Join(u.home, "hooks", "reference-transaction"), "#!/bin/sh\ntouch "+marker+"\n")
	u.git(u.home, "config", "--global", "core.hooksPath", filepath.Join(u.home, "hooks"))
	if page, err := u.place(nil).Read(t.Context(), -1); err != nil || len(page.Records) != 1 {
		t.Fatal(page, err)
	}
	if there(marker) {
		t.Error("a hook of the user ran")
	}
}

func TestCredentialsOfTheUsersConfiguration(t *testing.T) {
	header := "AUTHORIZATION: basic " + base64.StdEncoding.EncodeToString([]byte(stores.GitWriter+":"+stores.GitPassword))
	helper := `!f() { echo username=` + stores.GitWriter + `; echo password=` + stores.GitPassword + `; }; f`
	for name, prepare := range map[string]func(u *user, h *stores.GitHTTP){
		"a header for the clone alone, as CI systems leave it": func(u *user, h *stores.GitHTTP) {
			file := filepath.Join(u.home, "credentials.config")
			u.git(u.clone, "config", "--file", file, "http."+h.Host()+"/.extraheader", header)
			u.git(u.clone, "config", "includeIf.gitdir:"+filepath.Join(u.clone, ".git")+".path", file)
		},
		"a header that is configured for all clones": func(u *user, h *stores.GitHTTP) {
			u.git(u.home, "config", "--global", "http."+h.Host()+"/.extraheader", header)
		},
		"a helper": func(u *user, _ *stores.GitHTTP) {
			u.git(u.clone, "config", "credential.helper", helper)
		},
		"a helper for some clones": func(u *user, _ *stores.GitHTTP) {
			file := filepath.Join(u.home, "work.config")
			u.git(u.home, "config", "--file", file, "credential.helper", helper)
			u.git(u.home, "config", "--global", "includeIf.gitdir:"+u.home+"/.path", file)
		},
		"a URL that is rewritten for pushes": func(u *user, h *stores.GitHTTP) {
			u.git(u.clone, "config", "url."+h.URL(stores.GitWriter)+".pushInsteadOf", h.URL(""))
		},
		"another URL for pushes": func(u *user, h *stores.GitHTTP) {
			u.git(u.clone, "remote", "set-url", "--push", "origin", h.URL(stores.GitWriter))
			u.git(u.clone, "remote", "set-url", "origin", "https://nowhere.invalid/shop.git")
		},
		"a program that is asked for passwords": func(u *user, _ *stores.GitHTTP) {
			u.write(filepath.Join(u.home, "askpass"), "#!/bin/sh\ncase $1 in User*) echo "+stores.GitWriter+";; *) echo "+stores.GitPassword+";; esac\n")
			u.git(u.clone, "config", "core.askPass", filepath.Join(u.home, "askpass"))
		},
	} {
		for _, where := range []string{"clone", "worktree"} {
			if where == "worktree" && name != "a helper for some clones" {
				continue
			}
			t.Run(name+" in a "+where, func(t *testing.T) {
				g := stores.NewGit(t)
				h := g.Serve(t)
				u := clones(t, g)
				u.git(u.clone, "remote", "set-url", "origin", h.URL(""))
				prepare(u, h)
				if where == "worktree" {
					u.dir = filepath.Join(u.home, "linked")
					u.git(u.clone, "worktree", "add", "-q", u.dir, "HEAD")
				}
				before := u.files()
				u.appends(nil)
				if diff := cmp.Diff(before, u.files()); diff != "" {
					t.Error(diff)
				}
				if found := grep(t, filepath.Join(u.dir, ".gdfctl"), stores.GitPassword, header); found != "" {
					t.Errorf("a credential is in %s", found)
				}
			})
		}
	}
}

// grep returns a file in which one of the texts is.
func grep(t *testing.T, dir string, texts ...string) string {
	t.Helper()
	found := ""
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, text := range texts {
			if strings.Contains(string(content), text) {
				found = path
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWithoutARepository(t *testing.T) {
	g := stores.NewGit(t)
	u := &user{t: t, home: t.TempDir()}
	u.dir = filepath.Join(u.home, "orders")
	u.write(filepath.Join(u.dir, "main.hcl"), "")
	before := u.files()
	u.uses(map[string]string{"remote": g.URL()})
	if diff := cmp.Diff(before, u.files()); diff != "" {
		t.Error(diff)
	}
}

// Whoever runs gdfctl from a hook or an alias has variables of git that name the
// repository of that hook.
func TestVariablesOfAHookLeadNowhere(t *testing.T) {
	g := stores.NewGit(t)
	u := clones(t, g)
	p := u.place(nil)
	p.environ = append(p.environ, "GIT_DIR="+g.Dir, "GIT_INDEX_FILE="+filepath.Join(u.home, "index"), "GIT_WORK_TREE=/", "GIT_OBJECT_DIRECTORY="+u.home,
		"GIT_NAMESPACE=other", "GIT_TRACE=1", "GIT_CURL_VERBOSE=1", "LANG=de_DE.UTF-8")
	before := u.files()
	add(t, p, sharedlog.Before, "first")
	if diff := cmp.Diff(before, u.files()); diff != "" {
		t.Error(diff)
	}
	if !g.Has("refs/heads/gdfctl-state/main") {
		t.Error("the record is not on the branch")
	}
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
