package ci

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

func workflows(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"github/*.yml", "github/*/*.yml"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal("no workflows", err)
		}
		found = append(found, names...)
	}
	return found
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Workflows are checked as they are in a repository, where the action of this tree is
// the one that they use: so its inputs and outputs are checked too.
func TestWorkflowsAreValid(t *testing.T) {
	actionlint := stores.Tool(t, "actionlint")
	root := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("action.yml", read(t, "../../action.yml"))
	if err := os.Mkdir(filepath.Join(root, ".git"), 0o755); err != nil { // by which actionlint knows the root
		t.Fatal(err)
	}
	check := func(text string) (string, error) {
		path := write(".github/workflows/checked.yml", strings.ReplaceAll(text, "gdfctl/gdfctl@v1", "./"))
		// This version of actionlint doesn't know queue yet, which a test below looks for.
		cmd := exec.Command(actionlint, "-no-color", "-ignore", `unexpected key "queue" for "concurrency" section`, path)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for _, name := range append(workflows(t), "../../.github/workflows/release.yml") {
		if out, err := check(read(t, name)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	for what, wrong := range map[string][2]string{
		"an input of the action": {"command: plan", "comand: plan"},
		"an output":              {"steps.plan.outputs.html", "steps.plan.outputs.report"},
		"a key of a job":         {"timeout-minutes", "timeout"},
	} {
		if out, err := check(strings.Replace(read(t, "github/gdfctl-plan.yml"), wrong[0], wrong[1], 1)); err == nil {
			t.Errorf("%s that is misspelt is not noticed: %s", what, out)
		}
	}
}

func TestGitLabsPipelineIsValid(t *testing.T) {
	yamlschema := stores.Tool(t, "yamlschema")
	check := func(files ...string) (string, error) {
		out, err := exec.Command(yamlschema, append([]string{"testdata/gitlab-ci.schema.json"}, files...)...).CombinedOutput()
		return string(out), err
	}
	if out, err := check("gitlab/gdfctl.yml", "gitlab/.gitlab-ci.yml"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	wrong := filepath.Join(t.TempDir(), "wrong.yml")
	if err := os.WriteFile(wrong, []byte(strings.Replace(read(t, "gitlab/gdfctl.yml"), "resource_group", "resource_groups", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := check(wrong); err == nil {
		t.Error("a key that is misspelt is not noticed")
	}
}

var (
	uses       = regexp.MustCompile(`(?m)^\s+(?:- )?uses: (\S+)(.*)$`)
	pinned     = regexp.MustCompile(`^[a-z-]+/[a-z-]+@[0-9a-f]{40}$`)
	runs       = regexp.MustCompile(`(?m)^\s+(?:- )?run: (.*)$`)
	expression = regexp.MustCompile(`\$\{\{`)
)

// What no schema knows: who gets a key, what runs at the same time, which commits are
// fetched, and that nothing from outside is run.
func TestWhatThePipelinesPromise(t *testing.T) {
	apply := []string{"environment: gdf-apply", "\n  group: gdfctl\n  cancel-in-progress: false\n  queue: max\n", "fetch-depth: 0"}
	fork := "github.event.pull_request.head.repo.full_name == github.repository"
	for name, p := range map[string]struct{ has, hasNo []string }{
		"github/gdfctl-validate.yml": {
			[]string{"pull_request:", "merge_group:", "\npermissions:\n  contents: read\n\n", "persist-credentials: false", "fetch-depth: 0", "jobs:\n  validate:"},
			[]string{"secrets.", "environment:", "paths", "write"},
		},
		"github/gdfctl-plan.yml":        {[]string{"\n  pull_request:\n", "if: " + fork + " && github.actor != 'dependabot[bot]'\n", "environment: gdf-plan", "cancel-in-progress: true", "--publish", "fetch-depth: 0"}, []string{"pull_request_target", "gdf-apply"}},
		"github/target/gdfctl-plan.yml": {[]string{"\n  pull_request_target:\n", "if: " + fork, "path: pr\n", "fetch-depth: 0", "chdir: pr/", "environment: gdf-plan"}, []string{"run:", "gdf-apply"}},
		"github/gdfctl-apply.yml":       {append(apply, "--published", "ssh-key:", "github.ref == 'refs/heads/main'"), []string{"pull_request:", "pull_request_target"}},
		"github/gdfctl-feeds.yml":       {append(apply, "schedule:", "workflow_dispatch:", "ssh-key:"), []string{"pull_request", "command: apply"}},
		"github/gdfctl-verify.yml":      {append(apply, "schedule:", "workflow_dispatch:", "ssh-key:", "command: verify", "command: status"), []string{"pull_request", "command: apply"}},
		"gitlab/gdfctl.yml":             {[]string{"resource_group: gdfctl", "exec gdfctl verify ", "exec gdfctl status ", "--published", "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID", "sha256sum --check", `GIT_DEPTH: "0"`}, nil},
	} {
		text := read(t, name)
		for _, want := range p.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
		for _, not := range p.hasNo {
			if strings.Contains(text, not) {
				t.Errorf("%s: there is %q", name, not)
			}
		}
		for _, use := range uses.FindAllStringSubmatch(text, -1) {
			if use[1] != "gdfctl/gdfctl@v1" && (!pinned.MatchString(use[1]) || !strings.HasPrefix(use[2], " # v")) {
				t.Errorf("%s: %s is not pinned by commit, with its version behind it", name, use[1])
			}
		}
		for _, script := range runs.FindAllStringSubmatch(text, -1) {
			if expression.MatchString(script[1]) || !strings.HasPrefix(script[1], "exec ") {
				t.Errorf("%s: a script must begin with exec, and have no expression: %s", name, script[1])
			}
		}
	}
}

// Another base branch has another policy: a pull request that was planned for one of its
// author's is looked at again when it is to be merged into main.
func TestAnotherBaseBranchIsLookedAt(t *testing.T) {
	for _, name := range []string{"github/gdfctl-validate.yml", "github/gdfctl-plan.yml", "github/target/gdfctl-plan.yml"} {
		if !regexp.MustCompile(`\n  pull_request(_target)?:\n    types: \[opened, synchronize, reopened, edited\] #`).MatchString(read(t, name)) {
			t.Errorf("%s does not run if the base branch is changed", name)
		}
	}
}

// A report that somebody committed is never taken for one of gdfctl's, even if gdfctl
// ends before it writes one.
func TestGitLabsReportsAreOfTheirJob(t *testing.T) {
	text := read(t, "gitlab/gdfctl.yml")
	_, begin, found := strings.Cut(text, "\n  before_script:\n    - rm -rf -- ")
	removed, _, _ := strings.Cut(begin, "\n")
	reports := regexp.MustCompile(`--(?:markdown|html) (\S+)`).FindAllStringSubmatch(text, -1)
	if !found || len(reports) < 4 {
		t.Fatalf("the first command of a job removes no reports, of %d", len(reports))
	}
	for _, report := range reports {
		if !slices.Contains(strings.Fields(removed), report[1]) {
			t.Errorf("%s is not removed first", report[1])
		}
	}
}

// gdfctl is the last command of a script, and the script becomes it: otherwise a job
// that is stopped stops the shell alone.
func TestGitLabsScriptsBecomeGdfctl(t *testing.T) {
	jobs := 0
	for job := range strings.SplitSeq(read(t, "gitlab/gdfctl.yml"), "\n  script:\n") {
		if jobs++; jobs == 1 {
			continue
		}
		var last string
		for line := range strings.SplitSeq(job, "\n") {
			text := strings.TrimSpace(line)
			if !strings.HasPrefix(line, "    ") {
				break
			}
			if strings.HasPrefix(text, "- ") {
				last = text
			}
		}
		if !strings.HasPrefix(last, "- exec gdfctl ") && !strings.HasPrefix(last, "- if [ -n \"$GDF_STATE_TOKEN\" ]") {
			t.Errorf("a script ends with %q", last)
		}
	}
	if jobs != 9 {
		t.Errorf("%d parts", jobs)
	}
}

// What init writes is what stands here, whole.
func TestAllFilesAreEmbedded(t *testing.T) {
	for _, dir := range []string{"github", "gitlab"} {
		here, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range here {
			if _, err := fs.Stat(Files, dir+"/"+e.Name()); err != nil && strings.HasSuffix(e.Name(), ".yml") {
				t.Error(err)
			}
		}
	}
}

// The scripts that people copy, and those of the action.
func TestScriptsAreSound(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not installed")
	}
	cmd := exec.Command(shellcheck, "--external-sources", "action/install.sh", "action/run.sh", "examples/ci/shell/pipeline.sh", "examples/ci/shell/parts.sh")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// A simulator that does not start ends the example, and says why.
func TestThePipelineDoesNotWaitForASimulatorThatEnded(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "gdfctl"), []byte("#!/bin/sh\necho 'it is broken'\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bash, "shell/pipeline.sh")
	cmd.Env = append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "TMPDIR="+dir, "GDF_ENDPOINT=", "FORGE_CONTROL=")
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 || !strings.HasSuffix(string(out), "The simulator did not start:\nit is broken\n") {
		t.Errorf("%v\n%.400s", err, out)
	}
}
