package agent

import (
	"path/filepath"
	"slices"

	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/report"
)

// Commands are the command lines to copy of an agent, for whatever directory people are
// in: of a directory, or of a machine's file, if that is named.
func Commands(workspaces Workspaces, directory, file string) (report.AgentCommands, error) {
	where := []string{"--chdir", directory}
	if file != "" {
		where = []string{"--config", file}
	}
	path, err := filepath.Abs(where[1])
	if err != nil {
		return report.AgentCommands{}, err
	}
	where[1] = filepath.ToSlash(path)
	start := "systemctl restart gdfctl-agent"
	if file == "" { // the unit for one directory has those below /srv/gdfctl
		start = console.CommandLine("gdfctl", "agent", where[1])
		if folder, name := filepath.Split(path); filepath.ToSlash(folder) == "/srv/gdfctl/" {
			start = console.CommandLine("systemctl", "restart", "gdfctl-agent@"+name)
		}
	}
	command := func(words ...string) string {
		return console.CommandLine(slices.Concat([]string{"gdfctl"}, words, where)...)
	}
	in := func(_ string, words ...string) string { return command(words...) }
	if m, many := workspaces.(*Machine); many {
		in = m.Command
	}
	return report.AgentCommands{
		Agent: func(words ...string) string { return command(append([]string{"agent"}, words...)...) },
		In:    in,
		Start: start,
	}, nil
}
