package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/starter"
)

// InitCIRequest asks for the files of a CI system.
type InitCIRequest struct {
	Source
	Forge string // one of starter.Forges
	Force bool   // also over files that are there
}

// InitCI writes the pipeline for a configuration into its repository, or into its
// directory if that is in none. Without Force, no file that is there is changed.
func InitCI(ctx context.Context, req InitCIRequest, d Deps, o Observer) (*InitReport, error) {
	o = o.inTurn()
	if !slices.Contains(starter.Forges, req.Forge) {
		return nil, requestf("ci", "must be %s", strings.Join(starter.Forges, " or "))
	}
	if info, err := os.Stat(req.dir()); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("there is no directory %s: make the configuration first, with `%s`", req.dir(), d.command("init"))
	}
	p := starter.Pipeline{Release: released(d.Version)}
	at := checkout.At(req.dir())
	top, below, err := at.Root(ctx)
	switch {
	case err != nil:
		o.warnf("%s is in no repository of git, so the files are written into it, and not into the root of one: %s", req.dir(), err)
		top = req.dir()
	default:
		p.Configuration, p.Branch = below, at.DefaultBranch(ctx)
	}
	files, err := p.Files(req.Forge)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, fmt.Errorf("the directory %s can't be opened: %w", top, disk.Cause(err))
	}
	defer root.Close()
	report := &InitReport{}
	for _, f := range files {
		if err := report.write(root, f, req.Force); err != nil {
			return report, fmt.Errorf("%s can't be written: %w", filepath.Join(top, f.Name), disk.Cause(err))
		}
	}
	report.Next = d.afterInitCI(req.Forge, p, report)
	return report, nil
}

// write writes one file, and takes note of what became of it.
func (r *InitReport) write(root *os.Root, f starter.File, force bool) error {
	if force {
		if err := root.Remove(f.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	switch err := writeNew(root, f); {
	case errors.Is(err, fs.ErrExist):
		r.Kept = append(r.Kept, f.Name)
	case err != nil:
		return err
	default:
		r.Written = append(r.Written, f.Name)
	}
	return nil
}

var releaseVersion = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)

// released is a version that can be downloaded; empty for every other build.
func released(version string) string {
	if releaseVersion.MatchString(version) {
		return version
	}
	return ""
}

// afterInitCI is what a person does next, in this order.
func (d Deps) afterInitCI(forge string, p starter.Pipeline, r *InitReport) []string {
	branch := p.Branch
	if branch == "" {
		branch = "main"
	}
	next := []string{
		fmt.Sprintf("If the state is still in files: add a backend \"git\" block, run `%s`, and add the line that it prints", d.command("state", "init")),
	}
	if forge == "gitlab" {
		if slices.Contains(r.Kept, starter.GitLabRoot) {
			next = append(next, fmt.Sprintf("%s was there already: add `- %s` to its include", starter.GitLabRoot, starter.GitLabInclude))
		}
		next = append(next,
			"In .gitlab/gdfctl.yml, set GDFCTL_VERSION, and GDFCTL_SHA256 from the checksums.txt of that release",
			"Settings, CI/CD, Variables: GDF_CONSUMER_KEY, masked, once for the environment gdf-plan, and once for gdf-apply, protected. GITLAB_TOKEN, masked: a project access token, role Developer, scope api",
			"Settings, CI/CD, Job token permissions: allow Git push requests to the repository, for the state",
			fmt.Sprintf("Settings, Repository, Protected branches: %s, pushed to by no one; gdfctl-state/*, pushed to by the user of a project access token with scope write_repository, which is the protected variable GDF_STATE_TOKEN", branch),
			"Settings, Merge requests: an approval is required, removed when commits are added, and not given by authors and committers",
			fmt.Sprintf("CI/CD, Schedules: one for %s. Resource group gdfctl: set process_mode to oldest_first", branch),
		)
	} else {
		next = append(next,
			fmt.Sprintf("Settings, Environments: gdf-plan, and gdf-apply for the branch %s only. Each gets the secret GDF_CONSUMER_KEY", branch),
			"Settings, Deploy keys: a key with write access, whose private half is the secret GDF_STATE_KEY of gdf-apply",
			"Settings, Rules: a ruleset for gdfctl-state/** that restricts creations, updates and deletions and blocks force pushes, with deploy keys on its bypass list",
			fmt.Sprintf("Settings, Rules: a ruleset for %s that requires a pull request, an approval, its dismissal by new commits, approval of the most recent push, and the check validate", branch),
		)
	}
	return append(next, "Commit the files and open a pull request. `gdfctl doctor --ci` in a job says what is still missing")
}
