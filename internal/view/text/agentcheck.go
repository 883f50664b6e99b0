package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// AgentCheck shows what was found in the workspaces of a machine's file.
func AgentCheck(w io.Writer, s Style, c *report.AgentCheck) error {
	columns := []column{{title: "WORKSPACE"}, {title: "FROM"}, {title: "COMMIT"}, {title: "SCHEDULES", right: true}, {title: "RESULT"}}
	rows := make([][]string, len(c.Workspaces))
	for i := range c.Workspaces {
		one := &c.Workspaces[i]
		result := one.Problem
		if result == "" {
			result = "ok"
		}
		rows[i] = []string{one.Workspace, one.Source, words.ShortHash(one.Commit), number(one.Schedules), result}
	}
	if err := writeTable(w, s, columns, rows); err != nil {
		return err
	}
	what := "An agent can run " + plural(len(rows), "workspace", "workspaces") + "."
	if n := c.Problems(); n > 0 {
		what = s.red(plural(n, "workspace has", "workspaces have") + " a problem.")
	}
	_, err := fmt.Fprintf(w, "\n%s\n", what)
	return err
}
