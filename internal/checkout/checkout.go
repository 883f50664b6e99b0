package checkout

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Checkout is a directory in git's work tree.
type Checkout struct{ dir string }

// At is the checkout of a directory. Whether it is one shows with the first
// question.
func At(dir string) Checkout { return Checkout{dir} }

// ErrShallow says that commits are missing that were not fetched.
var ErrShallow = errors.New("the checkout is shallow: the commits before it are not here")

// Head is the commit that is checked out.
func (c Checkout) Head(ctx context.Context) (string, error) {
	out, err := c.git(ctx, "rev-parse", "--quiet", "--verify", "--end-of-options", "HEAD^{commit}")
	if exitCode(err) == 1 {
		return "", errors.New("nothing was committed yet: commit the configuration first")
	}
	if err != nil {
		return "", err
	}
	commit := strings.TrimSpace(out)
	if !IsCommit(commit) {
		return "", errors.New("git names no commit")
	}
	return commit, nil
}

// Root is the directory that git keeps the work tree in, and the path from there to
// this directory, with slashes.
func (c Checkout) Root(ctx context.Context) (root, below string, err error) {
	out, err := c.git(ctx, "rev-parse", "--show-toplevel", "--show-prefix")
	if err != nil {
		return "", "", err
	}
	root, below, _ = strings.Cut(strings.TrimSuffix(out, "\n"), "\n")
	return root, strings.TrimSuffix(below, "/"), nil
}

// DefaultBranch is the branch that a clone begins with, as far as this clone knows;
// empty: it doesn't.
func (c Checkout) DefaultBranch(ctx context.Context) string {
	out, err := c.git(ctx, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
	if err != nil {
		return ""
	}
	_, branch, _ := strings.Cut(strings.TrimSpace(out), "/")
	return branch
}

// Whole returns ErrShallow for a checkout whose history was cut off.
func (c Checkout) Whole(ctx context.Context) error {
	out, err := c.git(ctx, "rev-parse", "--is-shallow-repository")
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(out) != "false":
		return ErrShallow
	}
	return nil
}

// Contains reports whether a commit is the one that is checked out, or came before
// it. One that is not known here did not.
func (c Checkout) Contains(ctx context.Context, commit string) (bool, error) {
	if !IsCommit(commit) {
		return false, nil
	}
	if _, err := c.git(ctx, "cat-file", "-e", commit+"^{commit}"); err != nil {
		return false, ctx.Err()
	}
	_, err := c.git(ctx, "merge-base", "--is-ancestor", commit, "HEAD")
	if exitCode(err) == 1 {
		return false, nil
	}
	return err == nil, err
}

// Tracks reports whether git tracks a file or a folder of the directory, or anything in
// it: then it came with the repository, whoever else wrote it. Upper case counts as lower
// case, as it does on many disks. Outside of a repository nothing is tracked.
func (c Checkout) Tracks(ctx context.Context, name string) (bool, error) {
	out, err := c.git(ctx, "ls-files", "--", ":(icase,literal)"+name)
	if err != nil && strings.Contains(err.Error(), "not a git repository") {
		return false, nil
	}
	return out != "", err
}

// Tracked are the files of the directory and below it that git tracks, in lower case, as
// with Tracks. There are none outside of a repository, and where git is not installed.
func (c Checkout) Tracked(ctx context.Context) (map[string]bool, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, nil
	}
	out, err := c.git(ctx, "ls-files", "-z", "--", ".")
	if err != nil {
		if strings.Contains(err.Error(), "not a git repository") {
			return nil, nil
		}
		return nil, err
	}
	tracked := map[string]bool{}
	for name := range strings.SplitSeq(out, "\x00") {
		tracked[strings.ToLower(name)] = name != ""
	}
	return tracked, nil
}

// exitCode is that of a run which git ended by itself with a failure; else it is 0.
func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return 0
}

// Since lists the commits up to the one that is checked out, the newest first,
// without those that were there with an earlier one. Without that one it lists all.
func (c Checkout) Since(ctx context.Context, earlier string) ([]string, error) {
	args := []string{"rev-list", "HEAD"}
	if earlier != "" {
		if !IsCommit(earlier) {
			return nil, fmt.Errorf("%q is not a commit", safetext.Line(earlier))
		}
		args = append(args, "^"+earlier)
	}
	out, err := c.git(ctx, append(args, "--")...)
	return strings.Fields(out), err
}

// Commit is a commit with the time that it says itself.
type Commit struct {
	Hash string
	At   time.Time
}

// mostMainline is how many commits Mainline lists.
const mostMainline = 10_000

// Mainline lists what the branch became, commit by commit, up to the one that is
// checked out, the newest first: of a merge, the merge alone. It is without what was
// there with an earlier commit, if that is given, and is cut off at mostMainline.
func (c Checkout) Mainline(ctx context.Context, earlier string) ([]Commit, error) {
	args := []string{"rev-list", "--first-parent", "--timestamp", fmt.Sprintf("--max-count=%d", mostMainline), "HEAD"}
	if earlier != "" {
		if !IsCommit(earlier) {
			return nil, fmt.Errorf("%q is not a commit", safetext.Line(earlier))
		}
		args = append(args, "^"+earlier)
	}
	out, err := c.git(ctx, append(args, "--")...)
	if err != nil {
		return nil, err
	}
	var all []Commit
	for line := range strings.Lines(out) {
		at, hash, _ := strings.Cut(strings.TrimSpace(line), " ")
		seconds, err := strconv.ParseInt(at, 10, 64)
		if err != nil || !IsCommit(hash) {
			return nil, errors.New("git lists no commits")
		}
		all = append(all, Commit{hash, time.Unix(seconds, 0)})
	}
	return all, nil
}

// Changed lists what is below the directory and the commit does not hold: files that
// git tracks and that were changed, and files with that ending in the directory itself
// that git neither tracks nor ignores. Other files that nobody added, such as what a job
// downloads, belong to no commit.
func (c Checkout) Changed(ctx context.Context, ending string) ([]string, error) {
	out, err := c.git(ctx, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal", "--", ".")
	if err != nil {
		return nil, err
	}
	prefix, err := c.git(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	prefix = strings.TrimSuffix(prefix, "\n")
	var changed []string
	for line := range strings.SplitSeq(out, "\x00") {
		if len(line) < 4 {
			continue
		}
		name := strings.TrimPrefix(line[3:], prefix)
		if line[:2] != "??" || strings.HasSuffix(name, ending) && !strings.Contains(name, "/") {
			changed = append(changed, name)
		}
	}
	return changed, nil
}

// IsCommit reports whether a text is the whole name of a commit.
func IsCommit(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && (len(b) == 20 || len(b) == 32) && text == strings.ToLower(text)
}

// patience is how long git may take: it asks for nothing that is not on this
// machine.
const patience = 30 * time.Second

func (c Checkout) git(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	quiet := append([]string{"--no-pager", "--no-optional-locks"}, Cautious()...)
	cmd := exec.CommandContext(ctx, "git", append(quiet, args...)...)
	cmd.Dir = c.dir
	cmd.Env = append(Environment(cmd.Environ(), true), "GIT_NO_LAZY_FETCH=1")
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("git is not installed: it is needed to find out which commits were reviewed")
	}
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(said.String()), "\n")
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, safetext.Message(first))
	}
	return out.String(), nil
}
