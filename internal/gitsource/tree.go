package gitsource

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// What a configuration may have at most. It is written by people, with tables.
const (
	mostFiles = 20_000
	mostBytes = 1 << 30
	mostPath  = 1000 // of one path
	mostName  = 200  // of one name in it: disks take 255
)

// file is one file of a commit.
type file struct {
	path   string // from the exported folder, with slashes
	object string
	size   int64
}

// files lists what a commit has below a folder, and refuses what is not plain files. What
// begins with a dot is no part of a configuration: it is neither looked at nor exported.
func (r *Repository) files(ctx context.Context, commit, folder string) ([]file, error) {
	tree := commit + "^{tree}"
	if folder != "." {
		tree = commit + ":" + folder
	}
	if kind, err := r.local(ctx, "cat-file", "-t", tree); err != nil || strings.TrimSpace(kind) != "tree" {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, refused("Correct path in the machine's file, or bring the folder back.", "it has no folder %q", safetext.Line(folder))
	}
	tooMany := refused("Keep what is not part of the configuration in another folder.", "it has more than %d files or %d MiB", mostFiles, mostBytes>>20)
	out, err := r.local(ctx, "ls-tree", "-r", "-z", "-l", "--full-tree", tree)
	if errors.Is(err, errTooMuch) {
		return nil, tooMany
	}
	if err != nil {
		return nil, err
	}
	var all []file
	var total int64
	for entry := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		about, name, found := strings.Cut(entry, "\t")
		words := strings.Fields(about)
		if !found || len(words) != 4 || hidden(name) {
			continue
		}
		f := file{path: name, object: words[2]}
		if err := f.allowed(words[0], words[1]); err != nil {
			return nil, err
		}
		if f.size, err = strconv.ParseInt(words[3], 10, 64); err != nil {
			return nil, fmt.Errorf("git says nothing of the size of %s", safetext.Line(name))
		}
		all, total = append(all, f), total+f.size
		if len(all) > mostFiles || total > mostBytes {
			return nil, tooMany
		}
	}
	if len(all) == 0 {
		return nil, refused("Correct path in the machine's file, or bring the files back.", "there are no files in %q", safetext.Line(folder))
	}
	return all, nil
}

// hidden reports whether a path is no part of a configuration.
func hidden(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasPrefix(part, ".") && part != ".." && part != "." })
}

// allowed refuses what is not a plain file, and names that could lead elsewhere on some
// system.
func (f *file) allowed(mode, kind string) error {
	shown := safetext.Line(f.path)
	switch {
	case mode == "120000":
		return refused("Commit the file itself.", "%s is a symbolic link", shown)
	case kind == "commit":
		return refused("Commit its files, or keep it in another folder.", "%s is a submodule", shown)
	case kind != "blob" || mode != "100644" && mode != "100755":
		return refused("Commit a plain file.", "%s is not a plain file", shown)
	case !f.named():
		return refused("Rename it: letters, digits, spaces and the usual signs.", "%s has a name that can't be used on every system", shown)
	}
	return nil
}

func (f *file) named() bool {
	if len(f.path) > mostPath || path.Clean(f.path) != f.path || path.IsAbs(f.path) || !safetext.Printable(f.path) || strings.ContainsAny(f.path, `\:`) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(f.path, "/"), func(part string) bool {
		return part == "" || part == "." || part == ".." || len(part) > mostName
	})
}
