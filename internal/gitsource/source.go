package gitsource

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Store is the repositories and the exported commits of one machine, in one directory.
type Store struct {
	dir   string
	limit time.Duration // of what a command does on this machine
	most  int64         // bytes of a repository

	memory string // that git takes at most for one thing, in its words

	mu    sync.Mutex // guards repos
	repos map[string]*Repository
}

// Repository is what is here of one URL.
type Repository struct {
	url  string
	dir  string // bare
	home *Store

	mu    sync.Mutex          // held while something is fetched
	large map[string]tooLarge // branches that there was no room for; guarded by mu
}

// New is the store of a directory, of which a repository takes at most so many bytes, or mostRepository if
// that is 0. It touches nothing.
func New(dir string, most int64) *Store {
	return &Store{dir: dir, limit: time.Minute, most: cmp.Or(most, mostRepository), memory: mostMemory, repos: map[string]*Repository{}}
}

// Repository is that of a URL, the same one each time.
func (s *Store) Repository(url string) *Repository {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.repos[url]; r != nil {
		return r
	}
	sum := sha256.Sum256([]byte(url))
	r := &Repository{url: url, dir: filepath.Join(s.dir, "git", hex.EncodeToString(sum[:10])+".git"), home: s, large: map[string]tooLarge{}}
	s.repos[url] = r
	return r
}

// RefusedError says what is wrong with a commit, whenever it is looked at.
type RefusedError struct {
	Reason string
	Remedy string
}

func (e *RefusedError) Error() string { return e.Reason + ". " + e.Remedy }

func refused(remedy, format string, args ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, args...), Remedy: remedy}
}

var errNoCommit = errors.New("it is not a commit")

// cautious are options of every command. Where git would look at settings of the user, it
// still does: they say how a server is reached.
func cautious() []string {
	options := append([]string{"--no-pager", "--no-optional-locks"}, checkout.Cautious()...)
	for _, setting := range []string{
		"core.attributesFile=" + os.DevNull, "submodule.recurse=false", "fetch.recurseSubmodules=false", "transfer.bundleURI=false",
		"pack.threads=1", "fetch.writeCommitGraph=false", "gc.autoDetach=false", "maintenance.autoDetach=false", "core.commitGraph=false",
	} {
		options = append(options, "-c", setting)
	}
	return options
}

// command is git in the bare repository.
func (r *Repository) command(ctx context.Context, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(append(cautious(), "--git-dir="+r.dir), args...)...)
	cmd.Dir = r.home.dir
	cmd.Env = append(append(checkout.Environment(cmd.Environ(), true), "GIT_NO_LAZY_FETCH=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_ALLOC_LIMIT="+r.home.memory), env...)
	cmd.WaitDelay = 2 * time.Second
	checkout.InOwnGroup(cmd)
	return cmd
}

// gitError is a command that failed.
type gitError struct {
	verb, said string
	err        error
}

func (e *gitError) Error() string {
	if e.said == "" {
		return fmt.Sprintf("git %s: %v", e.verb, e.err)
	}
	return fmt.Sprintf("git %s: %s", e.verb, e.said)
}

func (e *gitError) Unwrap() error { return e.err }

// run is the output of a command that ends within a time.
func (r *Repository) run(ctx context.Context, limit time.Duration, env []string, args ...string) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, said := capped{most: mostOutput}, capped{most: mostOutput}
	cmd := r.command(bounded, env, args...)
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if out.more || said.more {
		return "", errTooMuch
	}
	if err != nil {
		return "", r.failed(ctx, bounded, args[0], err, said.text.String())
	}
	return out.text.String(), nil
}

// mostOutput is more than a listing has of as many files as a commit may have.
const mostOutput = 32 << 20

var errTooMuch = errors.New("git says more than anybody would read")

// capped is an output that ends the command if there is more of it.
type capped struct {
	text bytes.Buffer
	most int
	more bool
}

// Write implements io.Writer.
func (c *capped) Write(p []byte) (int, error) {
	if c.text.Len()+len(p) > c.most {
		c.more = true
		return 0, errTooMuch
	}
	return c.text.Write(p)
}

func (r *Repository) failed(ctx, bounded context.Context, verb string, err error, said string) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("git is not installed: workspaces from git need it")
	case bounded.Err() != nil:
		return &gitError{verb, "it did not end in time", err}
	}
	if full := checkout.FullDisk(said); full != "" {
		return &gitError{verb, full, err}
	}
	last := checkout.LastWords(said)
	if strings.HasSuffix(last, "Could not read from remote repository.") { // why not, ssh or git said before
		first, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
		last = safetext.Message(checkout.Shown(first))
	}
	return &gitError{verb, last, err}
}

// local is a command that needs no network.
func (r *Repository) local(ctx context.Context, args ...string) (string, error) {
	return r.run(ctx, r.home.limit, nil, args...)
}

// exitCode is that of a command which ended by itself; -1: it did not, or there was none.
func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return -1
}

// make makes the bare repository where there is none.
func (r *Repository) make(ctx context.Context) error {
	if _, err := os.Lstat(filepath.Join(r.dir, "config")); err == nil {
		return nil
	}
	if err := disk.MakeFolder(filepath.Dir(r.dir)); err != nil {
		return err
	}
	// Not with git-dir, which init would take for the place of a work tree's repository.
	bounded, cancel := context.WithTimeout(ctx, r.home.limit)
	defer cancel()
	cmd := exec.CommandContext(bounded, "git", append(cautious(), "init", "--quiet", "--bare", "--template=", "--", r.dir)...)
	cmd.Env = checkout.Environment(cmd.Environ(), true)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	if err := cmd.Run(); err != nil {
		return r.failed(ctx, bounded, "init", err, said.String())
	}
	return nil
}

// Shown is the URL, in messages.
func (r *Repository) Shown() string { return checkout.Shown(r.url) }

func lines(out string) []string { return strings.Split(strings.TrimSuffix(out, "\n"), "\n") }
