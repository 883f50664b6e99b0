package reconcile

import (
	"context"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// folder is one of another commit, with what is in it.
type folder struct {
	path  string // from the root of the repository; "": that of the checkout's directory
	files []checkout.File
}

func (f *folder) file(name string) (file checkout.File, there bool) {
	i := slices.IndexFunc(f.files, func(file checkout.File) bool { return file.Path == name })
	if i < 0 {
		return file, false
	}
	return f.files[i], true
}

// baseFolders are the configurations of another commit whose limits count for the one of
// the checkout.
type baseFolders struct {
	folders []folder
	missing bool // none of them is this one for certain, so the default limits count too
}

// moved are those that have another name there.
func (b *baseFolders) moved() (from []string) {
	for _, f := range b.folders {
		if f.path != "" {
			from = append(from, safetext.Line(f.path))
		}
	}
	return from
}

// findBase finds what a commit has of this configuration. Whoever gives it another name,
// or another one its name, takes it out of no limit: a state that machines share says
// which one it is. Without such a state, each that is gone or changed may be this one:
// something can be left under the former name.
func findBase(ctx context.Context, c checkout.Checkout, commit string, own spec.Backend) (found baseFolders, err error) {
	files, err := filesThere(ctx, c, commit)
	if err != nil {
		return found, err
	}
	if configures(files) {
		found.folders = append(found.folders, folder{files: files})
	}
	if state := stateOf(own); state != "" {
		if err := found.mention(ctx, c, commit, map[string]bool{}, state); err != nil {
			return found, err
		}
	}
	if len(found.folders) > 0 {
		return found, nil
	}
	found.missing = true
	kept, err := c.Kept(ctx, commit)
	if err != nil {
		return found, err
	}
	return found, found.mention(ctx, c, commit, kept, "policy", "batch")
}

// mention adds the folders with configurations that have one of some words, but not this
// one and not some others.
func (b *baseFolders) mention(ctx context.Context, c checkout.Checkout, commit string, others map[string]bool, words ...string) error {
	folders, err := c.Mentions(ctx, commit, words...)
	if err != nil {
		return err
	}
	for _, name := range folders {
		if others[name] {
			continue
		}
		if this, err := c.IsHere(ctx, name); err != nil {
			return err
		} else if this {
			continue
		}
		files, err := c.Folder(ctx, commit, name)
		if err != nil {
			return err
		}
		if configures(files) {
			b.folders = append(b.folders, folder{name, files})
		}
	}
	return nil
}

// stateOf is the state that a backend block names; empty if it names none.
func stateOf(b spec.Backend) string {
	for _, a := range b.Attributes {
		if a.Name == stateAttribute {
			return a.Value
		}
	}
	return ""
}

// filesThere are the files of the checkout's directory in a commit. A pull request that
// only spells the directory's name otherwise moves it out of no limit: many file systems,
// and so the job that names the directory, do not see the difference.
func filesThere(ctx context.Context, c checkout.Checkout, commit string) ([]checkout.File, error) {
	files, err := c.Files(ctx, commit)
	if err != nil || configures(files) {
		return files, err
	}
	other, err := c.OtherwiseSpelled(ctx, commit)
	if err == nil && len(other) > 0 {
		files = other
	}
	return files, err
}

// configures reports whether some files are those of a configuration.
func configures(files []checkout.File) bool {
	return slices.ContainsFunc(files, func(f checkout.File) bool { return isConfiguration(f.Path) })
}

// isConfiguration reports whether a path is that of an HCL file of the configuration.
func isConfiguration(name string) bool {
	return !strings.Contains(name, "/") && strings.HasSuffix(name, ".hcl") && !strings.HasPrefix(name, ".")
}
