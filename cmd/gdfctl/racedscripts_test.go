package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// unraced is the line by which a script skips itself with the race detector.
// scripts/exhaustive.sh looks for it and plays these scripts.
const unraced = "[race] skip 'played by scripts/exhaustive.sh'"

// calm is a command that only prints two random lines: it needs no script with the
// race detector.
const calm = "gdfctl audit keygen"

// Of each command that scripts run, one script runs with the race detector: no
// goroutine is left unwatched because a script skips itself.
func TestEveryCommandIsRaced(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	exhaustive, err := os.ReadFile("../../scripts/exhaustive.sh")
	if err != nil || !strings.Contains(string(exhaustive), `grep -lxF "`+unraced+`" cmd/gdfctl/testdata/script/*.txtar`) {
		t.Errorf("scripts/exhaustive.sh doesn't look for the line %q: %v", unraced, err)
	}
	var watched, skipped strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		script, _, _ := strings.Cut("\n"+string(text), "\n-- ")
		script += "\n"
		rest := strings.Replace(script, "\n"+unraced+"\n", "\n", 1)
		if strings.Contains(rest, "race]") {
			t.Errorf("%s asks for the race detector in another way than with one line %q, which scripts/exhaustive.sh looks for", file, unraced)
		}
		if rest == script {
			watched.WriteString(rest)
		} else {
			skipped.WriteString(rest)
		}
	}
	run := commandsRun(newRoot(&program{}), watched.String())
	for _, command := range commandsRun(newRoot(&program{}), skipped.String()) {
		if !slices.Contains(run, command) && command != calm {
			t.Errorf("no script that runs %q runs with the race detector: take the line %q out of one", command, unraced)
		}
	}
}

// commandsRun are those commands below cmd that a line of the scripts runs.
func commandsRun(cmd *cobra.Command, scripts string) (run []string) {
	if regexp.MustCompile(`(?m)^[^#\n]*\bexec ` + cmd.CommandPath() + `( |$)`).MatchString(scripts) {
		run = append(run, cmd.CommandPath())
	}
	for _, sub := range cmd.Commands() {
		run = append(run, commandsRun(sub, scripts)...)
	}
	return run
}
