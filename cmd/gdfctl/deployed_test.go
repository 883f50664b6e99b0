package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/gdfctl/gdfctl/internal/screen"
)

var (
	deployedFiles = []string{"Dockerfile", "deploy/*/*.yaml", "deploy/systemd/*", "docs/agent.md", "docs/deploy.md", "docs/install.md", "docs/oncall.md", "docs/scale.md"}

	// Where command lines stand in files that are not prose.
	startedUnit = regexp.MustCompile(`(?m)^ExecStart=/usr/bin/(gdfctl .*)$`)
	startedList = regexp.MustCompile(`(?m)^\s*(?:command:|args:|CMD) \[(.*)\]$`)
	onAlert     = regexp.MustCompile(`(?m)^\s*command: "(gdfctl .*)"$`)
	textBlock   = regexp.MustCompile("(?ms)^ *```text\n(.*?)^ *```$")
)

// Every command line of gdfctl that operators are given, in files for other programs and in
// their documents, is one that this program takes: commands, flags and arguments.
func TestDeployedCommandLines(t *testing.T) {
	dir := t.TempDir()
	total := 0
	for _, pattern := range deployedFiles {
		paths, err := filepath.Glob("../../" + pattern)
		if err != nil || len(paths) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range deployedLines(string(text)) {
				total++
				args := shellWords(strings.NewReplacer("/srv/gdfctl/%i", dir, "/srv/gdfctl/shop", dir, "/etc/gdfctl/shop", dir).Replace(line))
				if err := takes(t, args[1:]); err != nil {
					t.Errorf("%s: %s\n%v", strings.TrimPrefix(path, "../../"), line, err)
				}
			}
		}
	}
	if total < 60 {
		t.Errorf("only %d command lines found: are the patterns right?", total)
	}
}

// takes says what keeps a command line from being executed, without executing it.
func takes(t *testing.T, args []string) error {
	p := &program{Screen: screen.Screen{Env: func(string) string { return "" }, Out: t.Output(), Err: t.Output(), Args: args}}
	cmd, rest, err := newRoot(p).Find(args)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err == nil {
		err = cmd.ValidateArgs(cmd.Flags().Args())
	}
	if err == nil {
		err = cmd.ValidateRequiredFlags()
	}
	return err
}

// deployedLines are the command lines of gdfctl in a file.
func deployedLines(text string) (lines []string) {
	for _, place := range []*regexp.Regexp{startedUnit, onAlert} {
		for _, m := range place.FindAllStringSubmatch(text, -1) {
			lines = append(lines, regexp.MustCompile(`\{\{.*?\}\}`).ReplaceAllString(m[1], "NAME"))
		}
	}
	for _, m := range startedList.FindAllStringSubmatch(text, -1) {
		if words := strings.ReplaceAll(m[1], ", ", " "); strings.HasPrefix(strings.Trim(words, `"`), "agent") {
			lines = append(lines, "gdfctl "+words)
		}
	}
	for _, block := range textBlock.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.Replace(strings.TrimSpace(line), "gdfctl-as-agent ", "gdfctl ", 1)
			if strings.HasPrefix(line, "gdfctl ") {
				lines = append(lines, commandAlone(line))
			}
		}
	}
	for _, code := range inlineCode.FindAllString(fencedCode.ReplaceAllString(text, ""), -1) {
		code = strings.Replace(strings.Trim(code, "`"), "gdfctl-as-agent ", "gdfctl ", 1)
		if strings.HasPrefix(code, "gdfctl ") && !strings.Contains(code, "…") {
			lines = append(lines, commandAlone(code))
		}
	}
	return lines
}

// commandAlone is a line up to the next command of a pipe, or to what is said of it.
func commandAlone(line string) string {
	return strings.TrimSpace(regexp.MustCompile(`\s{2,}.*$|\s\\?\|.*$`).ReplaceAllString(line, ""))
}

// shellWords splits a command line at spaces that are not in quotes.
func shellWords(line string) []string {
	quoted := false
	words := strings.FieldsFunc(line, func(r rune) bool {
		if r == '"' || r == '\'' {
			quoted = !quoted
		}
		return unicode.IsSpace(r) && !quoted
	})
	for i, word := range words {
		words[i] = strings.NewReplacer(`"`, "", "'", "").Replace(word)
	}
	return words
}

func TestDeployedCommandLinesThatAreWrongAreNoticed(t *testing.T) {
	for _, line := range []string{"gdfctl agnt status", "gdfctl agent status --al", "gdfctl agent pause", "gdfctl agent status extra", "gdfctl agent /nowhere"} {
		if err := takes(t, shellWords(line)[1:]); err == nil {
			t.Errorf("%s: nothing is noticed", line)
		}
	}
	got := deployedLines("ExecStart=/usr/bin/gdfctl agent /srv\n    args: [agent, --log, \"json\"]\ncommand: [pg_isready]\n```text\ngdfctl plan      what would change\ngdfctl-as-agent agent status | less\n```\nRun `gdfctl status`.\n  command: \"gdfctl agent run {{ $labels.workspace }}/x\"\n")
	if want := []string{"gdfctl agent /srv", "gdfctl agent run NAME/x", `gdfctl agent --log "json"`, "gdfctl plan", "gdfctl agent status", "gdfctl status"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
