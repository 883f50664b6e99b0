package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/forge"
	"github.com/gdfctl/gdfctl/internal/words"
)

// allWorkspaces is the workspace of a comment about several.
const allWorkspaces = "all-workspaces"

// mostHeadline is how many bytes of a report's headline are shown: more is not
// one of gdfctl's.
const mostHeadline = 400

// markedReport is a report and what its first line says.
type markedReport struct {
	mark forge.Mark
	body string
}

// tableOf is one report in the place of several: their headlines, by workspace.
func tableOf(reports []markedReport) (markedReport, error) {
	slices.SortFunc(reports, func(a, b markedReport) int { return strings.Compare(a.mark.Workspace, b.mark.Workspace) })
	first := reports[0].mark
	table := markedReport{mark: forge.Mark{Kind: first.Kind, Workspace: allWorkspaces}}
	plans, changes := sha256.New(), sha256.New()
	var body strings.Builder
	title := strings.ToUpper(string(first.Kind[:1])) + string(first.Kind[1:])
	fmt.Fprintf(&body, "## %s: %s\n\n| Workspace | Result |\n|---|---|\n", title, words.Count(len(reports), "workspace", "workspaces"))
	for i, r := range reports {
		switch {
		case r.mark.Kind != first.Kind:
			return table, requestf("kind", "must be one for all reports: here are a %s and a %s", first.Kind, r.mark.Kind)
		case i > 0 && r.mark.Workspace == reports[i-1].mark.Workspace:
			return table, fmt.Errorf("two reports are of the workspace %s; nothing was commented", r.mark.Workspace)
		}
		fmt.Fprintf(&body, "| `%s` | %s |\n", r.mark.Workspace, headline(r.body))
		fmt.Fprintln(plans, r.mark.Workspace, r.mark.Hash)
		fmt.Fprintln(changes, r.mark.Workspace, r.mark.Shown.Changes)
		table.mark.Number = max(table.mark.Number, r.mark.Number)
		table.mark.Shown = table.mark.Shown.Plus(r.mark.Shown)
	}
	if first.Kind == forge.Plan {
		table.mark.Hash, table.mark.Shown.Changes = hex.EncodeToString(plans.Sum(nil)), hex.EncodeToString(changes.Sum(nil))
	}
	body.WriteString("\nThe summary of each job has its report.\n")
	table.body = body.String()
	return table, nil
}

// headline is what a report says below its title, in one line.
func headline(body string) string {
	var said []string
	room := mostHeadline
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		switch {
		case line == "", line[0] == '#' && len(said) == 0:
			continue
		case strings.ContainsAny(line[:1], "#>") || strings.Contains(line, "|") || len(line) > room:
			room = 0
		default:
			said = append(said, line)
			room -= len(line)
		}
		if room == 0 {
			break
		}
	}
	if len(said) == 0 {
		return "see its report"
	}
	return strings.Join(said, " · ")
}
