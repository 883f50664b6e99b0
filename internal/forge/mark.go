package forge

import (
	"fmt"
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
	Verify Kind = "verify"
	Feeds  Kind = "feeds"
)

// Kinds are all kinds.
var Kinds = []Kind{Plan, Apply, Verify, Status, Feeds}

// KindNames lists all kinds, with one text between them, and another one before the last.
func KindNames(between, last string) string {
	names := make([]string, len(Kinds))
	for i, kind := range Kinds {
		names[i] = string(kind)
	}
	rest := len(names) - 1
	return strings.Join(names[:rest], between) + last + names[rest]
}

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
	Changes                                    string // the hash of its changes, in hex; empty: not known
	Acknowledge, Ship, Correct, Cancel, Insert int
}

// markLine is compiled when a mark is read: every command would do it otherwise, and
// its counted repetitions make it large.
var markLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^<!-- gdfctl:(` + KindNames("|", "|") + `) ([A-Za-z0-9._/-]{1,100})((?: [a-z]+=[0-9a-z:/]{1,160}){0,4}) -->$`)
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

// String is HASH:acknowledge/ship/correct/cancel, with /insert behind it if there are any:
// a gdfctl that does not know inserts reads the other counts.
func (s Shown) String() string {
	text := fmt.Sprintf("%s:%d/%d/%d/%d", s.Changes, s.Acknowledge, s.Ship, s.Correct, s.Cancel)
	if s.Insert > 0 {
		text += fmt.Sprintf("/%d", s.Insert)
	}
	return text
}

func parseShown(text string) (s Shown, err error) {
	hash, counts, _ := strings.Cut(text, ":")
	s.Changes = hash
	format, into := "%d/%d/%d/%d", []any{&s.Acknowledge, &s.Ship, &s.Correct, &s.Cancel}
	if strings.Count(counts, "/") == len(into) {
		format, into = format+"/%d", append(into, &s.Insert)
	}
	_, err = fmt.Sscanf(counts, format, into...)
	return s, err
}

var notInWorkspace = regexp.MustCompile(`[^A-Za-z0-9._/]+`)

// WorkspaceOf is the name of a configuration as a mark can hold it.
func WorkspaceOf(name string) string {
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
