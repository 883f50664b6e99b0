package forge

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Kind is what a comment shows.
type Kind string

// The kinds of comments. There is one comment of each for a workspace.
const (
	Plan   Kind = "plan"
	Apply  Kind = "apply"
	Status Kind = "status"
	Feeds  Kind = "feeds"
)

// Kinds are all kinds.
var Kinds = []Kind{Plan, Apply, Status, Feeds}

// Mark is the first line of a report in Markdown: a comment of HTML, which
// nobody sees. It says whose the comment is, and how new.
type Mark struct {
	Kind      Kind
	Workspace string // which configuration; letters, digits and ._/- only
	Number    uint64 // of the CI run that made the report: later runs have larger ones; 0: not made in CI
	Hash      string // of the plan, in hex; empty: the report is not a plan
	Shown     Shown  // what the plan would do
	Approved  Shown  // of an earlier plan that somebody approved, as long as this one does the same
}

// Shown is what a plan would do, as far as two of them are compared.
type Shown struct {
	Changes                            string // the hash of its changes, in hex; empty: not known
	Acknowledge, Ship, Correct, Cancel int
}

// markLine is compiled when a mark is read: every command would do it otherwise, and
// its counted repetitions make it large.
var markLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<!-- gdfctl:(plan|apply|status|feeds) ([A-Za-z0-9._/-]{1,100})((?: [a-z]+=[0-9a-z:/]{1,160}){0,4}) -->$`)
})

// String is the mark as a line of Markdown.
func (m Mark) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- gdfctl:%s %s", m.Kind, m.Workspace)
	if m.Number > 0 {
		fmt.Fprintf(&b, " number=%d", m.Number)
	}
	if m.Hash != "" {
		b.WriteString(" plan=" + m.Hash)
	}
	if m.Shown.Changes != "" {
		b.WriteString(" changes=" + m.Shown.String())
	}
	if m.Approved.Changes != "" {
		b.WriteString(" approved=" + m.Approved.String())
	}
	return b.String() + " -->"
}

// ParseMark reads the mark in the first line of a text. ok is false if there is
// none, or one that is not as String writes it.
func ParseMark(text string) (m Mark, ok bool) {
	line, _, _ := strings.Cut(text, "\n")
	parts := markLine().FindStringSubmatch(strings.TrimSuffix(line, "\r"))
	if parts == nil {
		return Mark{}, false
	}
	m = Mark{Kind: Kind(parts[1]), Workspace: parts[2]}
	for field := range strings.FieldsSeq(parts[3]) {
		name, value, _ := strings.Cut(field, "=")
		var err error
		switch name {
		case "number":
			m.Number, err = strconv.ParseUint(value, 10, 64)
		case "plan":
			m.Hash = value
		case "changes":
			m.Shown, err = parseShown(value)
		case "approved":
			m.Approved, err = parseShown(value)
		}
		if err != nil {
			return Mark{}, false
		}
	}
	return m, true
}

// String is HASH:acknowledge/ship/correct/cancel.
func (s Shown) String() string {
	return fmt.Sprintf("%s:%d/%d/%d/%d", s.Changes, s.Acknowledge, s.Ship, s.Correct, s.Cancel)
}

func parseShown(text string) (s Shown, err error) {
	hash, counts, _ := strings.Cut(text, ":")
	s.Changes = hash
	_, err = fmt.Sscanf(counts, "%d/%d/%d/%d", &s.Acknowledge, &s.Ship, &s.Correct, &s.Cancel)
	return s, err
}

var notInWorkspace = regexp.MustCompile(`[^A-Za-z0-9._/]+`)

// WorkspaceOf names the configuration in a directory, from the root of the
// repository if the environment of a CI system says where that is: two
// configurations of a repository have two names.
func WorkspaceOf(dir string, env func(string) string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	name := filepath.Base(abs)
	for _, variable := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		root := env(variable)
		if root == "" {
			continue
		}
		if below, err := filepath.Rel(root, abs); err == nil && filepath.IsLocal(below) && below != "." {
			name = filepath.ToSlash(below)
		}
		break
	}
	name = strings.Trim(notInWorkspace.ReplaceAllString(name, "-"), "-")
	if name == "" {
		return "gdfctl"
	}
	return name[:min(len(name), 100)]
}

// RunNumber orders the runs of a CI system: it is 0 elsewhere. A run that is
// started again keeps its number.
func RunNumber(env func(string) string) uint64 {
	for _, variable := range []string{"GITHUB_RUN_ID", "CI_PIPELINE_ID"} {
		if number, err := strconv.ParseUint(env(variable), 10, 64); err == nil {
			return number
		}
	}
	return 0
}
