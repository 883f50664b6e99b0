package gitsource

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// What this machine's disk gives at most, in bytes. git itself bounds nothing that is fetched.
const (
	mostRepository = 4 << 30                // one repository, with what is being fetched
	mostExports    = 4 * mostBytes          // the exports of one workspace
	watched        = 100 * time.Millisecond // between two looks at how much a command has brought
)

// mostMemory is more than any file may have that is exported. A few bytes of a pack can stand for as many as somebody likes.
const mostMemory = "2g"

// errTooLarge ends a command that brings more than the disk gives.
var errTooLarge = errors.New("the repository becomes too large for this machine")

// askedAgain is after how long a branch is fetched again that was too large: others can have made
// room, and who runs the machine can have given more. Sooner would fill the line instead of the disk.
const askedAgain = 10 * time.Minute

// tooLarge is where a branch ended that there was no room for.
type tooLarge struct {
	commit string
	at     time.Time
}

// Arrived returns nil if the end of a branch, as Fetch said it, is here, and otherwise why it is not.
func (r *Repository) Arrived(ctx context.Context, commit string) error {
	if r.Has(ctx, commit) {
		return nil
	}
	return refused("Keep large files out of it, or raise max_repository_mib in the machine's file.",
		"commit %s would make the repository larger than %d MiB on this machine", words.ShortHash(commit), r.home.most>>20)
}

// download brings branches, together if possible. One that is too large keeps no other away.
func (r *Repository) download(ctx context.Context, tips map[string]string) error {
	err := r.branches(ctx, tips)
	if errors.Is(err, errTooLarge) && r.tidied(ctx) {
		err = r.branches(ctx, tips)
	}
	if !errors.Is(err, errTooLarge) {
		return err
	}
	for branch, commit := range tips {
		if len(tips) > 1 {
			err = r.branches(ctx, map[string]string{branch: commit})
		}
		switch {
		case errors.Is(err, errTooLarge):
			r.large[branch] = tooLarge{commit, time.Now()}
		case err != nil:
			return err
		}
	}
	return nil
}

// endOf is where the end of a branch is kept. Names of branches themselves can be in each other's way: after release,
// there may be release/1.
func endOf(branch string) string {
	sum := sha256.Sum256([]byte(branch))
	return "refs/gdfctl/ends/" + hex.EncodeToString(sum[:10])
}

func (r *Repository) branches(ctx context.Context, tips map[string]string) error {
	args := []string{"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-gc", "--force", "--", r.url}
	for branch := range tips {
		args = append(args, heads+branch+":"+endOf(branch))
	}
	return r.remote(ctx, args...)
}

// tidied removes what nothing leads to any more, such as what was pushed away with force, and
// reports whether there was any. Of a small repository, that would make no room.
func (r *Repository) tidied(ctx context.Context) bool {
	before := r.size()
	if before < r.home.most/4 {
		return false
	}
	_, err := r.run(ctx, networkLimit, nil, "gc", "--quiet", "--prune=now")
	return err == nil && r.size() < before
}

// remote is a command that brings something over the network, and no more of it than there
// is room for.
func (r *Repository) remote(ctx context.Context, args ...string) error {
	r.clear() // a process that was killed in the middle has left what it had
	bounded, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	full := func() bool {
		if r.size() <= r.home.most {
			return false
		}
		cancel(errTooLarge)
		return true
	}
	if full() {
		return errTooLarge
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for !full() {
			select {
			case <-bounded.Done():
				return
			case <-time.After(watched):
			}
		}
	}()
	_, err := r.run(bounded, networkLimit, r.overNetwork(), args...)
	cancel(nil)
	<-ended
	if err != nil {
		r.clear()
	}
	if err != nil && errors.Is(context.Cause(bounded), errTooLarge) {
		return errTooLarge
	}
	return err
}

// size is what the repository takes of the disk.
func (r *Repository) size() (total int64) { return sizeOf(r.dir) }

// sizeOf is what the files below a folder take. What vanishes meanwhile doesn't count.
func sizeOf(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}

// clear removes what commands wrote that did not end. Nobody else writes into a repository that is locked.
func (r *Repository) clear() {
	for _, pattern := range []string{"tmp_*", filepath.Join("pack", "tmp_*"), filepath.Join("??", "tmp_*")} {
		left, _ := filepath.Glob(filepath.Join(r.dir, "objects", pattern))
		for _, path := range left {
			_ = os.RemoveAll(path)
		}
	}
}
