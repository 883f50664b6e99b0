package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/words"
)

// agentMarkdown is what agents cost, as it stands in docs/scale.md.
func (r *report) agentMarkdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s on: %s.\n", r.day.UTC().Format(time.DateOnly), r.machine)
	r.agentTables(&b)
	return b.String()
}

// agentTables are one of agents with nothing to do, and one of what runs cost.
func (r *report) agentTables(b *strings.Builder) {
	if len(r.agents) == 0 {
		return
	}
	b.WriteString("\n### Nothing is due\n\n| workspaces | share of one core | memory | transactions of the database per second |\n|---:|---:|---:|---:|\n")
	for _, f := range r.agents {
		if f.runs == 0 {
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", words.Number(f.workspaces), figure(f.share(), "%"), figure(f.memory/mebi, "MiB"),
				figure(float64(f.transactions)/f.took.Seconds(), ""))
		}
	}
	b.WriteString("\n### Runs that find nothing to change\n\n| accounts of a workspace | runs | wall | CPU per run | memory | calls per run | transactions per run | kept per run | in the queue per run |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, f := range r.agents {
		if f.runs > 0 {
			n := float64(f.runs)
			fmt.Fprintf(b, "| %d | %d | %s | %s | %s | %s | %s | %s | %s |\n", f.accounts, f.runs, figure(f.took.Seconds(), "s"), figure(f.cpu.Seconds()/n, "s"),
				figure(f.memory/mebi, "MiB"), figure(float64(f.calls)/n, ""), words.Number(int(float64(f.transactions)/n+0.5)),
				figure(float64(f.grown.kept)/n, "bytes"), figure(float64(f.grown.queue)/n, "bytes"))
		}
	}
}
