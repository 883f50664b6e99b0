package report

import "github.com/gdfctl/gdfctl/internal/jsonformat"

// AgentCheck is what was found in the workspaces of a machine's file.
type AgentCheck struct {
	FormatVersion string         `json:"format_version"`
	Workspaces    []AgentChecked `json:"workspaces"`
}

// AgentChecked is one of them.
type AgentChecked struct {
	Workspace string `json:"workspace"`
	Source    string `json:"source"` // its directory, or its repository and branch
	Commit    string `json:"commit"` // the tip of the branch; empty: it has none
	Schedules int    `json:"schedules"`
	Problem   string `json:"problem"` // empty: an agent can run it
}

// NewAgentCheck is one without workspaces.
func NewAgentCheck() *AgentCheck {
	return &AgentCheck{FormatVersion: jsonformat.Version, Workspaces: []AgentChecked{}}
}

// Problems is how many workspaces an agent can't run.
func (c *AgentCheck) Problems() (n int) {
	for i := range c.Workspaces {
		if c.Workspaces[i].Problem != "" {
			n++
		}
	}
	return n
}
