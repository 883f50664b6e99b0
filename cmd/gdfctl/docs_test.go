package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")

// Every command line in README and docs runs: the shell blocks of each
// document, in order, on a fresh copy of the examples.
func TestDocumentedCommandsRun(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash")
	}
	var documents []string
	for _, pattern := range []string{"../../*.md", "../../docs/*.md", "../../docs/*/*.md", "../../examples/*/*.md", "../../examples/*/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, found...)
	}
	commands := 0
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		blocks := shellBlock.FindAllStringSubmatch(string(text), -1)
		if len(blocks) == 0 {
			continue
		}
		commands += len(blocks)
		t.Run(strings.TrimPrefix(document, "../../"), func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			if err := os.CopyFS(filepath.Join(root, "examples"), withoutRuns{os.DirFS("../../examples")}); err != nil {
				t.Fatal(err)
			}
			for _, block := range blocks {
				runBlock(t, bash, root, runnable(block[1]))
			}
			noLeaks(t, root)
		})
	}
	if commands < 10 {
		t.Errorf("only %d blocks found: is the pattern right?", commands)
	}
}

// runnable is a block with this test's binary in the place of the one that
// people build, and without what builds and tests the project itself.
func runnable(block string) string {
	var lines []string
	for _, line := range strings.Split(block, "\n") {
		switch {
		case strings.HasPrefix(line, "make"), strings.HasPrefix(line, "go build"), strings.HasPrefix(line, "go test"), strings.HasPrefix(line, "git clone"):
		default:
			lines = append(lines, strings.ReplaceAll(line, "go run ./cmd/gdfctl", "gdfctl"))
		}
	}
	return strings.Join(lines, "\n")
}

func runBlock(t *testing.T, bash, root, script string) {
	t.Helper()
	cmd := exec.Command(bash, "-euo", "pipefail", "-c", script)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GITHUB_BASE_REF=", "HOME="+root, "GDF_CACHE_DIR="+root+"/cache", "NO_COLOR=1", "GORACE=atexit_sleep_ms=10", transcriptVariable+"="+root+"/.transcript")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s\n%s", err, script, out)
	}
}
