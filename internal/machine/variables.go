package machine

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"runtime"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/diag"
)

// Variables are those of a workspace with an env_file: it sees no others. The file is read
// again each time, so that a key can be replaced without a restart.
func (w *Workspace) Variables() (map[string]string, error) {
	text, err := readBounded(w.EnvFile)
	if err != nil {
		return nil, fmt.Errorf("the variables of workspace %s can't be read: %s: %w", w.Name, w.EnvFile, err)
	}
	variables, wrong := parseVariables(string(text))
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%s:%d: %s: %s", w.EnvFile, wrong[0].line, wrong[0].summary, wrong[0].detail)
	}
	return variables, nil
}

// wrongLine is a line that can't be read. Nothing of it is shown: it can hold a key.
type wrongLine struct {
	line            int
	summary, detail string
}

var variableForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseVariables reads lines like those of systemd's EnvironmentFile, without its
// continued lines: KEY=VALUE, with the value in quotes or not. Nothing is expanded.
func parseVariables(text string) (map[string]string, []wrongLine) {
	variables, wrong := map[string]string{}, []wrongLine(nil)
	add := func(line int, summary, detail string) { wrong = append(wrong, wrongLine{line, summary, detail}) }
	number := 0
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		name, value, found := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !found || !variableForm.MatchString(name) {
			add(number, "Not a variable", "Write NAME=VALUE, without export.")
			continue
		}
		value, ok := unquoted(value)
		if !ok || strings.ContainsRune(value, 0) {
			add(number, "The value of "+name+" can't be read", "A value that begins with a quote must end with it, and a value is one line.")
			continue
		}
		if _, twice := variables[name]; twice {
			add(number, name+" is set twice", "Remove one of the lines.")
			continue
		}
		variables[name] = value
	}
	return variables, wrong
}

// unquoted is a value without the quotes around it.
func unquoted(value string) (string, bool) {
	if value == "" || value[0] != '"' && value[0] != '\'' {
		return value, true
	}
	quote := value[:1]
	inside := value[1:]
	if !strings.HasSuffix(inside, quote) || strings.Contains(inside[:len(inside)-1], quote) {
		return "", false
	}
	return inside[:len(inside)-1], true
}

// envFile checks the file that a workspace's variables are in, with keys and passwords.
func (r *reader) envFile(path string, at hcl.Range) {
	info, err := os.Stat(path)
	if err == nil && readableByAll(info) {
		r.mistake(at, "env_file is not private", "It holds keys, and others can read or change it. Run: chmod 600 %s", path)
		return
	}
	text, err := readBounded(path)
	if err != nil {
		r.mistake(at, "env_file can't be read", "%q: %s.", path, err)
		return
	}
	_, wrong := parseVariables(string(text))
	for _, w := range wrong {
		place := diag.Pos{Line: w.line, Column: 1}
		r.diags = append(r.diags, &diag.Diagnostic{Severity: diag.Error, Summary: w.summary, Detail: w.detail, Range: &diag.Range{File: path, Start: place, End: place}})
	}
}

// readableByAll reports whether other users than those of the file's group can read it, or
// those of the group can change it. Kubernetes makes the group that of the agent.
func readableByAll(info fs.FileInfo) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&0o027 != 0
}
