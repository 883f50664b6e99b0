package gitsource

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/words"
)

// networkLimit is how long a command that uses the network may take: the first fetch of a
// large repository takes minutes.
const networkLimit = 10 * time.Minute

const heads = "refs/heads/"

// Fetch looks where branches end, and brings what they lead to, as far as there is room: see
// Arrived. One that is not there is missing from the result.
func (r *Repository) Fetch(ctx context.Context, branches ...string) (tips map[string]string, err error) {
	err = r.alone(ctx, func() error {
		slices.Sort(branches)
		tips, err = r.listed(ctx, slices.Compact(branches))
		if err != nil {
			return err
		}
		missing := map[string]string{}
		for branch, commit := range tips {
			if l, was := r.large[branch]; was && time.Since(l.at) < askedAgain && !r.Has(ctx, commit) {
				tips[branch] = l.commit
			} else if delete(r.large, branch); !r.Has(ctx, commit) {
				missing[branch] = commit
			}
		}
		if len(missing) == 0 {
			return nil
		}
		if err := r.download(ctx, missing); err != nil {
			return err
		}
		// The branch can have moved in between: then what was fetched is what counts.
		for branch := range missing {
			if _, was := r.large[branch]; was {
				continue
			}
			commit, err := r.local(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", endOf(branch)+"^{commit}")
			if err != nil {
				return err
			}
			tips[branch] = strings.TrimSpace(commit)
		}
		// What fails of it is done another time. It takes twice the room for a moment, for which a fetch would be cut off.
		_, _ = r.run(ctx, networkLimit, nil, "gc", "--auto", "--quiet")
		return nil
	})
	return tips, err
}

// listed asks the server where branches end.
func (r *Repository) listed(ctx context.Context, branches []string) (map[string]string, error) {
	args := []string{"ls-remote", "--quiet", "--refs", "--", r.url}
	for _, branch := range branches {
		args = append(args, heads+branch)
	}
	out, err := r.run(ctx, networkLimit, r.overNetwork(), args...)
	if err != nil {
		return nil, err
	}
	tips := map[string]string{}
	for _, line := range lines(out) {
		commit, ref, _ := strings.Cut(line, "\t")
		// git also lists what only ends like the name.
		branch, is := strings.CutPrefix(ref, heads)
		if is && slices.Contains(branches, branch) && checkout.IsCommit(commit) {
			tips[branch] = commit
		}
	}
	return tips, nil
}

// Bring makes sure that a commit is here which another machine has fetched.
func (r *Repository) Bring(ctx context.Context, commit, branch string) error {
	if !checkout.IsCommit(commit) {
		return errNoCommit
	}
	if r.Has(ctx, commit) {
		return nil
	}
	if _, err := r.Fetch(ctx, branch); err != nil || r.Has(ctx, commit) {
		return err
	}
	r.mu.Lock()
	_, large := r.large[branch]
	r.mu.Unlock()
	if large {
		return r.Arrived(ctx, commit)
	}
	// The branch does not lead there any more. Servers hand out what they still have.
	err := r.alone(ctx, func() error {
		return r.remote(ctx, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc", "--", r.url, commit)
	})
	if err != nil {
		return err
	}
	if !r.Has(ctx, commit) {
		return errors.New("the repository does not have commit " + words.ShortHash(commit) + " any more")
	}
	return nil
}

// IsCommit reports whether a text is the whole name of a commit.
func IsCommit(text string) bool { return checkout.IsCommit(text) }

// Has reports whether a commit is here.
func (r *Repository) Has(ctx context.Context, commit string) bool {
	if !checkout.IsCommit(commit) {
		return false
	}
	_, err := r.local(ctx, "cat-file", "-e", commit+"^{commit}")
	return err == nil
}

// Follows reports whether a commit comes after another one, or is it.
func (r *Repository) Follows(ctx context.Context, commit, before string) (bool, error) {
	if commit == before {
		return true, nil
	}
	if !r.Has(ctx, before) {
		return false, nil // nothing that was fetched leads there
	}
	_, err := r.local(ctx, "merge-base", "--is-ancestor", before, commit)
	if exitCode(err) == 1 {
		return false, nil
	}
	return err == nil, err
}

// keptRefs begins the names of commits that are in use.
const keptRefs = "refs/gdfctl/kept/"

// Keep names commits that are in use, so that git's own tidying removes none of them.
func (r *Repository) Keep(ctx context.Context, commit string) error {
	_, err := r.local(ctx, "update-ref", keptRefs+commit, commit)
	return err
}

// overNetwork is the environment of commands that use the network: the protocol is the
// URL's, whatever a server or a setting would lead to.
func (r *Repository) overNetwork() []string {
	return []string{"GIT_ALLOW_PROTOCOL=" + checkout.Transport(r.url)}
}

// lockSuffix ends the name of the file that is locked by who changes a folder.
const lockSuffix = ".lock"

// alone does what no two processes do at once in one repository.
func (r *Repository) alone(ctx context.Context, do func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.make(ctx); err != nil {
		return err
	}
	lock, err := disk.WaitLock(ctx, r.dir+lockSuffix, networkLimit, 100*time.Millisecond)
	if err != nil {
		return err
	}
	if lock == nil {
		return errors.New("another process is fetching the repository, and does not end")
	}
	defer func() { _ = lock.Release() }() // it ends with the process at the latest
	now := time.Now()
	return errors.Join(do(), os.Chtimes(r.dir, now, now)) // SweepOthers removes what nobody looks at
}
