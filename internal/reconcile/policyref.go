package reconcile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/provenance"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// NoPolicyRef is what people write where no other commit's policy is to count.
const NoPolicyRef = "none"

// basePolicy is the policy of another commit, which counts as much as the checkout's:
// who changes both a policy and what it limits would otherwise be limited by nobody.
type basePolicy struct {
	spec.Policy
	diff *spec.PolicyDiff
}

// basePolicy reads the policy of a commit by its name. Without a name it is that of the
// branch that a pull request of this CI job is to be merged into; nil where there is
// none.
func (d Deps) basePolicy(ctx context.Context, s Source, ref string, own *spec.Policy) (*basePolicy, error) {
	c := checkout.At(s.dir())
	shown, commit, err := d.baseCommit(ctx, c, ref)
	if err != nil || commit == "" {
		return nil, err
	}
	if err := checkout.Unlinked(ctx, s.dir()); err != nil {
		return nil, fmt.Errorf("the policy of %s can't be read: %w. Nothing was changed", shown, err)
	}
	policy, found, err := d.policyAt(ctx, s, c, shown, commit)
	if err != nil {
		return nil, err
	}
	return &basePolicy{policy, &spec.PolicyDiff{Ref: shown, Commit: commit, Missing: !found, Changes: own.CompareTo(&policy)}}, nil
}

// baseCommit is the commit whose policy counts too, and its name for people.
func (d Deps) baseCommit(ctx context.Context, c checkout.Checkout, ref string) (shown, commit string, err error) {
	names := []string{ref}
	shown = ref
	switch ref {
	case NoPolicyRef:
		return "", "", nil
	case "":
		base := provenance.DetectPlanned(d.Env, os.ReadFile)
		if base.Branch == "" {
			return "", "", nil
		}
		shown, names = "origin/"+base.Branch, []string{"refs/remotes/origin/" + base.Branch}
		if checkout.IsCommit(base.Base) {
			names = append(names, base.Base)
		}
	}
	if shown = safetext.Line(shown); checkout.IsCommit(shown) {
		shown = shown[:12]
	}
	for _, name := range names {
		commit, err = c.Named(ctx, name)
		if !errors.Is(err, checkout.ErrNoCommit) {
			break
		}
	}
	switch {
	case errors.Is(err, checkout.ErrNoCommit):
		return "", "", fmt.Errorf("the policy of %s can't be read: %w. Nothing was changed\n"+
			"Fetch it: with `git fetch origin`, fetch-depth: 0 for actions/checkout, or GIT_DEPTH: 0 and `git fetch origin` for GitLab. With --policy-ref %s, no other policy counts", shown, err, NoPolicyRef)
	case err != nil:
		return "", "", fmt.Errorf("the policy of %s can't be read: %w. Nothing was changed", shown, err)
	}
	return shown, commit, nil
}

// Bounds of what is taken from a commit beside its HCL files: a policy can name the
// text of a file.
const (
	mostText  = 1 << 20
	mostTexts = 32 << 20
)

// policyAt reads the policy of the checkout's directory as a commit has it. found is
// false for a commit that has no configuration there.
func (d Deps) policyAt(ctx context.Context, s Source, c checkout.Checkout, shown, commit string) (policy spec.Policy, found bool, err error) {
	dir, err := os.MkdirTemp("", "gdfctl-policy-")
	if err != nil {
		return policy, false, fmt.Errorf("the policy of %s can't be read: %w", shown, err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // copies of what is in the repository
	found, err = copyConfiguration(ctx, c, commit, dir)
	if err == nil && !found {
		policy = spec.DefaultPolicy
		policy.Source = spec.Source{Ref: shown}
		return policy, false, nil
	}
	var varFiles []string
	if err == nil {
		varFiles, err = copyVarFiles(ctx, c, commit, dir, s.VarFiles)
	}
	if err != nil {
		return policy, false, fmt.Errorf("the policy of %s can't be read: %w. Nothing was changed", shown, err)
	}
	cfg, diags := config.Load(dir, config.Options{
		Vars: s.Vars, VarFiles: varFiles, Env: d.configEnv, Now: d.Now, Version: d.Version, OnlyPolicy: true, Source: spec.Source{Ref: shown},
	})
	if diags.HasErrors() {
		for _, found := range diags {
			found.Summary = "At " + shown + ": " + found.Summary
			found.Detail += " The policy of " + shown + " counts too, and can't be read: correct it there first."
		}
		return policy, false, unusable(cfg, diags)
	}
	cfg.Close()
	return cfg.Policy, true, nil
}

// copyConfiguration copies the HCL files of a commit and, where these can name texts,
// those.
func copyConfiguration(ctx context.Context, c checkout.Checkout, commit, dir string) (found bool, err error) {
	files, err := c.Files(ctx, commit)
	if err != nil {
		return false, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false, err
	}
	defer root.Close()
	named := false
	put := func(f checkout.File) error {
		text, err := c.Read(ctx, f)
		if err == nil {
			err = root.MkdirAll(filepath.FromSlash(path.Dir(f.Path)), 0o700)
		}
		if err == nil {
			err = root.WriteFile(filepath.FromSlash(f.Path), []byte(text), 0o600)
		}
		named = named || strings.Contains(text, "file")
		return err
	}
	for _, f := range files {
		if !isConfiguration(f.Path) {
			continue
		}
		if found = true; !f.Regular {
			return false, fmt.Errorf("%s is not a regular file there", safetext.Line(f.Path))
		}
		if err := put(f); err != nil {
			return false, err
		}
	}
	room := int64(mostTexts)
	for _, f := range files {
		if named && !isConfiguration(f.Path) && f.Regular && f.Size <= min(mostText, room) {
			room -= f.Size
			if err := put(f); err != nil {
				return false, err
			}
		}
	}
	return found, nil
}

// isConfiguration reports whether a path is that of an HCL file of the configuration.
func isConfiguration(name string) bool {
	return !strings.Contains(name, "/") && strings.HasSuffix(name, ".hcl") && !strings.HasPrefix(name, ".")
}

// copyVarFiles takes the files of variables that are in the repository from the commit,
// since who changes the checkout changes them too. One that is not there gives nothing.
func copyVarFiles(ctx context.Context, c checkout.Checkout, commit, dir string, files []string) (copies []string, err error) {
	for i, file := range files {
		if err := checkout.Unlinked(ctx, filepath.Dir(file)); err != nil {
			return nil, err
		}
		f, there, tracked, err := c.Find(ctx, commit, file)
		switch {
		case err != nil:
			return nil, err
		case !tracked:
			copies = append(copies, file)
			continue
		case !there:
			continue
		}
		text, err := c.Read(ctx, f)
		if err != nil {
			return nil, err
		}
		copied := filepath.Join(dir, fmt.Sprintf(".vars-%d%s", i, path.Ext(f.Path)))
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			return nil, err
		}
		copies = append(copies, copied)
	}
	return copies, nil
}
