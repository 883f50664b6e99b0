package checkout

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// ErrNoCommit says that the commit that people named is not here.
var ErrNoCommit = errors.New("there is no such commit here")

// ErrAmbiguous says that what people named is the name of several things. Anybody
// who can push can push a tag that is called like the branch of a remote.
var ErrAmbiguous = errors.New("it names several things here")

// Named is the commit of a branch, a tag or a branch of a remote, or of any other
// name that git knows.
func (c Checkout) Named(ctx context.Context, ref string) (commit string, err error) {
	if ref == "" || strings.HasPrefix(ref, "-") || !safetext.Printable(ref) {
		return "", ErrNoCommit
	}
	if !IsCommit(ref) {
		if ref, err = c.fullName(ctx, ref); err != nil {
			return "", err
		}
	}
	out, err := c.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if commit := strings.TrimSpace(out); err == nil && IsCommit(commit) {
		return commit, nil
	}
	if _, broken := c.git(ctx, "rev-parse", "--git-dir"); broken != nil {
		return "", broken // there is no repository, or no git
	}
	return "", ErrNoCommit
}

// steps are what can follow the name of a ref, and none has: the way from it to a commit.
var steps = regexp.MustCompile(`[~^:]|@\{`)

// fullName is a name with its one ref, or the name itself where it is another way to say
// which commit is meant. Of a whole name, git would also look at other places.
func (c Checkout) fullName(ctx context.Context, name string) (string, error) {
	rest := ""
	if at := steps.FindStringIndex(name); at != nil {
		name, rest = name[:at[0]], name[at[0]:]
	}
	whole := strings.HasPrefix(name, "refs/")
	candidates := []string{"refs/" + name, "refs/tags/" + name, "refs/heads/" + name, "refs/remotes/" + name}
	if whole {
		candidates = []string{name}
	}
	out, err := c.git(ctx, "for-each-ref", "--format=%(refname)")
	if err != nil {
		return "", err
	}
	var found []string
	for ref := range strings.Lines(out) {
		if ref = strings.TrimSpace(ref); slices.Contains(candidates, ref) {
			found = append(found, ref)
		}
	}
	switch len(found) {
	case 0:
		if whole {
			return "", ErrNoCommit
		}
		return name + rest, nil
	case 1:
		return found[0] + rest, nil
	}
	return "", fmt.Errorf("%w: %s. Write one of these", ErrAmbiguous, strings.Join(found, ", "))
}

// File is a file of a commit, by its path from the checkout's directory.
type File struct {
	Path    string
	Size    int64
	Regular bool // not a link
	object  string
}

// Files lists what a commit has in the checkout's directory and below it. Nothing is
// checked out.
func (c Checkout) Files(ctx context.Context, commit string) ([]File, error) {
	return c.tree(ctx, commit)
}

func (c Checkout) tree(ctx context.Context, commit string, paths ...string) ([]File, error) {
	if !IsCommit(commit) {
		return nil, ErrNoCommit
	}
	out, err := c.git(ctx, append([]string{"ls-tree", "-r", "-l", "-z", commit, "--"}, paths...)...)
	if err != nil {
		return nil, err
	}
	var files []File
	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		about, path, found := strings.Cut(line, "\t")
		parts := strings.Fields(about)
		if !found || len(parts) != 4 {
			continue // of nothing at all
		}
		size, _ := strconv.ParseInt(parts[3], 10, 64) // of another repository it is "-"
		files = append(files, File{Path: path, Size: size, Regular: parts[1] == "blob" && parts[0] != "120000", object: parts[2]})
	}
	return files, nil
}

// Read is what a file says.
func (c Checkout) Read(ctx context.Context, f File) (string, error) {
	return c.git(ctx, "cat-file", "blob", f.object)
}

// Unlinked is an error for a folder whose path leads through a symbolic link that git
// tracks: who can change the link chooses another folder.
func Unlinked(ctx context.Context, folder string) error {
	at, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	for up := filepath.Dir(at); up != at; at, up = up, filepath.Dir(up) {
		if info, err := os.Lstat(at); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		tracked, err := At(up).Tracks(ctx, filepath.Base(at))
		if err != nil {
			return err
		}
		if tracked {
			return fmt.Errorf("%s is a symbolic link in the repository, which whoever changes it can lead elsewhere: name the directory itself", safetext.Line(filepath.Base(at)))
		}
	}
	return nil
}

// Find is a file of this machine as a commit has it. tracked is false for a file
// outside of the repository.
func (c Checkout) Find(ctx context.Context, commit, path string) (f File, there, tracked bool, err error) {
	root, err := c.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return f, false, false, err
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return f, false, false, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	below, err := filepath.Rel(filepath.FromSlash(strings.TrimRight(root, "\r\n")), filepath.Join(dir, filepath.Base(path)))
	if err != nil || !filepath.IsLocal(below) {
		return f, false, false, nil //nolint:nilerr // on another disk
	}
	whole := At(strings.TrimRight(root, "\r\n"))
	files, err := whole.tree(ctx, commit, filepath.ToSlash(below))
	if err == nil && len(files) == 0 {
		files, err = whole.otherwiseSpelled(ctx, commit, filepath.ToSlash(below))
	}
	if err != nil || len(files) != 1 {
		return f, false, true, err
	}
	return files[0], true, true, nil
}
