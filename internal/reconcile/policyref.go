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

// basePolicy are the policies of another commit, which count as much as the checkout's:
// who changes both a policy and what it limits would otherwise be limited by nobody.
type basePolicy struct {
	policies []spec.Policy
	diff     *spec.PolicyDiff
}

// basePolicy reads the policy of a commit by its name. Without a name it is that of the
// branch that a pull request of this CI job is to be merged into; nil where there is
// none.
func (d Deps) basePolicy(ctx context.Context, s Source, ref string, own *spec.Config) (*basePolicy, error) {
	c := checkout.At(s.dir())
	shown, commit, err := d.baseCommit(ctx, c, ref)
	if err != nil || commit == "" {
		return nil, err
	}
	if err := checkout.Unlinked(ctx, s.dir()); err != nil {
		return nil, unreadablePolicy(shown, err)
	}
	found, err := findBase(ctx, c, commit, own.Backend)
	if err != nil {
		return nil, unreadablePolicy(shown, err)
	}
	base := &basePolicy{}
	var there []*spec.Config
	if found.missing {
		there = append(there, &spec.Config{Policy: spec.DefaultPolicy})
		there[0].Policy.Source.Ref = shown
	}
	for _, at := range found.folders {
		cfg, err := d.policyAt(ctx, s, c, commit, at, spec.Source{Dir: safetext.Line(at.path), Ref: shown})
		if err != nil {
			return nil, err
		}
		there = append(there, cfg)
	}
	var schedules []*spec.Schedule
	for _, cfg := range there {
		base.policies = append(base.policies, cfg.Policy)
		schedules = append(schedules, cfg.Schedules...)
	}
	base.diff = &spec.PolicyDiff{
		Ref: shown, Commit: commit, Missing: found.missing, MovedFrom: found.moved(),
		Changes: own.Policy.CompareTo(base.policies...), Schedules: spec.CompareSchedules(own.Schedules, schedules),
	}
	for i, cfg := range there { // which is no change of a policy
		base.policies[i].LimitRenamed(cfg.Batches, own.Batches)
	}
	return base, nil
}

func unreadablePolicy(shown string, err error) error {
	return fmt.Errorf("the policy of %s can't be read: %w. Nothing was changed", shown, err)
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
		return "", "", unreadablePolicy(shown, err)
	}
	return shown, commit, nil
}

// Bounds of what is taken from a commit beside its HCL files: a policy can name the
// text of a file.
const (
	mostText  = 1 << 20
	mostTexts = 32 << 20
)

// policyAt reads the policy and the schedules of a configuration as a commit has them.
func (d Deps) policyAt(ctx context.Context, s Source, c checkout.Checkout, commit string, at folder, source spec.Source) (*spec.Config, error) {
	dir, err := os.MkdirTemp("", "gdfctl-policy-")
	if err != nil {
		return nil, unreadablePolicy(source.Ref, err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // copies of what is in the repository
	var varFiles []string
	if err = copyConfiguration(ctx, c, at.files, dir); err == nil {
		varFiles, err = copyVarFiles(ctx, c, commit, dir, s, at)
	}
	if err != nil {
		return nil, unreadablePolicy(source.Ref, err)
	}
	cfg, diags := config.Load(dir, config.Options{
		Vars: s.Vars, VarFiles: varFiles, Env: d.configEnv, Now: d.Now, Version: d.Version, OnlyPolicy: true, Source: source,
	})
	if diags.HasErrors() {
		for _, found := range diags {
			found.Summary = "At " + source.Ref + ": " + found.Summary
			found.Detail += " The policy of " + source.Ref + " counts too, and can't be read: correct it there first."
		}
		return nil, unusable(cfg, diags)
	}
	cfg.Close()
	return &cfg.Config, nil
}

// copyConfiguration copies the HCL files of a folder and, where these can name texts,
// those.
func copyConfiguration(ctx context.Context, c checkout.Checkout, files []checkout.File, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
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
		if !f.Regular {
			return fmt.Errorf("%s is not a regular file there", safetext.Line(f.Path))
		}
		if err := put(f); err != nil {
			return err
		}
	}
	room := int64(mostTexts)
	for _, f := range files {
		if named && !isConfiguration(f.Path) && f.Regular && f.Size <= min(mostText, room) {
			room -= f.Size
			if err := put(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyVarFiles takes the files of variables that are in the repository from the commit,
// since who changes the checkout changes them too. One that is not there gives nothing.
func copyVarFiles(ctx context.Context, c checkout.Checkout, commit, dir string, s Source, at folder) (copies []string, err error) {
	for i, file := range s.VarFiles {
		if err := checkout.Unlinked(ctx, filepath.Dir(file)); err != nil {
			return nil, err
		}
		f, there, tracked, err := c.Find(ctx, commit, file)
		if below, inside := filepath.Rel(s.dir(), file); at.path != "" && inside == nil && filepath.IsLocal(below) {
			f, there = at.file(filepath.ToSlash(below)) // which moved with it
		}
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
