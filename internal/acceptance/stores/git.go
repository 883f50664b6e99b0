package stores

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Git is a bare repository of a test.
type Git struct {
	Dir string
	t   testing.TB
}

// NewGit makes a repository.
func NewGit(t testing.TB) *Git {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		skip(t, "git is not installed")
	}
	g := &Git{Dir: filepath.Join(t.TempDir(), "server.git"), t: t}
	g.run("", "init", "-q", "--bare", "--initial-branch=trunk", g.Dir)
	// What a push writes is synced by default, and tests push by the hundred.
	g.Git("config", "core.fsync", "none")
	g.Git("config", "receive.autoGC", "false")
	return g
}

// URL leads to the repository's folder.
func (g *Git) URL() string { return "file://" + filepath.ToSlash(g.Dir) }

// Git runs git in the repository, and returns what it prints.
func (g *Git) Git(args ...string) string {
	g.t.Helper()
	return g.run(g.Dir, args...)
}

// Has reports whether there is such a reference.
func (g *Git) Has(ref string) bool {
	cmd := gitCommand(g.Dir, "show-ref", "--verify", "--quiet", ref)
	return cmd.Run() == nil
}

// Hook has the repository run a script of the shell.
func (g *Git) Hook(name, script string) {
	g.t.Helper()
	path := filepath.Join(g.Dir, "hooks", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		g.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		g.t.Fatal(err)
	}
}

// RemoveHook takes a hook back.
func (g *Git) RemoveHook(name string) {
	g.t.Helper()
	if err := os.Remove(filepath.Join(g.Dir, "hooks", name)); err != nil {
		g.t.Fatal(err)
	}
}

func (g *Git) run(dir string, args ...string) string {
	g.t.Helper()
	out, err := gitCommand(dir, args...).CombinedOutput()
	if err != nil {
		g.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// gitCommand is git as nobody configured it.
func gitCommand(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GIT_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "LC_ALL=C",
		"GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=ann@example.com", "GIT_COMMITTER_NAME=Ann", "GIT_COMMITTER_EMAIL=ann@example.com")
	return cmd
}

// Unlock removes what a server that was killed left locked. Git has servers leave
// it to their operators.
func (g *Git) Unlock() {
	g.t.Helper()
	err := filepath.WalkDir(g.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".lock") {
			return os.Remove(path)
		}
		return err
	})
	if err != nil {
		g.t.Fatal(err)
	}
}
