package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/agent"
	"github.com/gdfctl/gdfctl/internal/agentdb"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/console"
	"github.com/gdfctl/gdfctl/internal/machine"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/html"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/webfile"
)

type agentOptions struct {
	commandline.Variables
	commandline.Format
	config    string
	check     bool
	logFormat string
	listen    string
	webConfig string
	uiListen  string
	parallel  int
	all       bool
	reason    string
}

func newAgent(p *program) *cobra.Command {
	o := agentOptions{}
	cmd := &cobra.Command{
		Use:   "agent [DIR]",
		Short: "Run the schedules of a configuration by itself",
		Long: `agent runs the schedule blocks of a configuration, day and night, until it gets
SIGTERM or Ctrl-C: then no further call is sent, calls under way are finished, and
the next agent continues. It does only what the schedules say, and an agent may
only acknowledge orders, read back what was accepted, and check feeds. Logs go to
standard error.

Its database, ` + agentdb.File + `, is in the directory, which must be on a local
disk. If it is lost, each schedule runs once. A second agent in the same directory
exits 5.

With --config, an agent runs the many workspaces of a machine's file, which can also
let it ship. If that file names a database of PostgreSQL, agents of several machines
share the work: start them with the same database, which gdfctl agent migrate prepares
once.

--check reads the machine's file and every workspace, fetches those from git, says what
an agent can't run, and ends: with 1 if there is something.`,
		Example: `  gdfctl agent /etc/gdfctl/shop
  gdfctl agent --log json --metrics-listen 127.0.0.1:9180
  gdfctl agent --ui-listen 127.0.0.1:9190
  gdfctl agent --config /etc/gdfctl/agent.hcl
  gdfctl agent --config /etc/gdfctl/agent.hcl --check
  gdfctl agent status
  gdfctl agent pause --all --reason "the marketplace is down"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
					return commandline.Usagef("%q is neither a directory nor a command of gdfctl agent%s\nRun `gdfctl agent --help` for the list", args[0], commandline.Suggestion(cmd, args[0]))
				}
			}
			if len(args) > 0 && o.config != "" {
				return commandline.Usagef("gdfctl agent takes a directory, or --config, but not both")
			}
			return commandline.AtMostOneArg("the directory of the configuration")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				p.Dir = args[0]
			}
			return p.runAgent(cmd.Context(), o)
		},
	}
	o.registerWhere(cmd)
	o.registerCheck(cmd)
	cmd.Flags().StringVar(&o.logFormat, "log", "text", "the `format` of the log: text, json")
	cmd.Flags().StringVar(&o.listen, "metrics-listen", "127.0.0.1:9180", "the `address` of /metrics, /healthz and /readyz; empty: none")
	cmd.Flags().StringVar(&o.webConfig, "metrics-web-config", "", "a `file` that guards /metrics: TLS and users, as for Prometheus' exporters")
	cmd.Flags().StringVar(&o.uiListen, "ui-listen", "", "the `address` of the status page: a loopback address, or unix:PATH; empty: none")
	cmd.Flags().IntVar(&o.parallel, "parallel", 8, "do `N` runs at once, beside those that wait for their states")
	_ = cmd.RegisterFlagCompletionFunc("log", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.AddCommand(newAgentRun(p), newAgentPause(p), newAgentResume(p), newAgentStatus(p), newAgentMigrate(p), newAgentAcceptState(p))
	return cmd
}

// registerWhere adds the flags that say what an agent is for: a directory, or a machine.
func (o *agentOptions) registerWhere(cmd *cobra.Command) {
	o.Variables.Register(cmd)
	cmd.Flags().StringVar(&o.config, "config", "", "the machine's `file`, with many workspaces")
	cmd.MarkFlagsMutuallyExclusive("config", "var")
	cmd.MarkFlagsMutuallyExclusive("config", "var-file")
}

// agent is what all commands of the family need.
func (p *program) agent(o agentOptions, log slog.Handler) (agent.Options, error) {
	options := agent.Options{Directory: p.Dir, Log: slog.New(log), Observe: p.Observe, Version: version}
	var err error
	if o.config == "" {
		options.Deps = p.deps()
		options.Workspaces, err = agent.Directory(p.source(o.Variables), options.Deps)
		return options, err
	}
	m, err := p.machineFile(o.config)
	if err != nil {
		return agent.Options{}, err
	}
	options.Directory, options.Database, options.Deps = m.Directory, m.Database, p.depsOf(m)
	options.Deps.Command = func(words ...string) string { // which it is of workspaces, they know themselves
		return console.CommandLine(slices.Concat([]string{"gdfctl"}, words, []string{"--config", filepath.ToSlash(o.config)})...)
	}
	options.Workspaces = agent.NewMachine(m, options.Deps, options.Log)
	return options, nil
}

// machineFile is the file of a machine without mistakes.
func (p *program) machineFile(path string) (*machine.Machine, error) {
	m, mistakes := machine.Read(path, p.Env)
	if mistakes.HasErrors() {
		return nil, &reconcile.ConfigError{Diagnostics: mistakes, Files: m.Files}
	}
	return m, nil
}

func (p *program) runAgent(ctx context.Context, o agentOptions) error {
	switch {
	case o.JSON() && !o.check:
		return commandline.Usagef("--json and --format are for --check; the log is JSON with --log json")
	case o.logFormat != "text" && o.logFormat != "json":
		return commandline.Usagef("--log must be text or json")
	case o.parallel < 1 || o.parallel > 100:
		return commandline.Usagef("--parallel must be from 1 to 100")
	}
	if o.check {
		return p.runAgentCheck(ctx, o)
	}
	handler := slog.Handler(slog.NewTextHandler(p.Err, nil))
	if o.logFormat == "json" {
		handler = slog.NewJSONHandler(p.Err, nil)
	}
	options, err := p.agent(o, handler)
	if err != nil {
		return err
	}
	if o.uiListen != "" {
		if _, _, err := agent.PageAddress(o.uiListen); err != nil {
			return commandline.Usagef("%w", err)
		}
		options.UI = agent.UI{Listen: o.uiListen, Write: html.Agent, Policy: html.AgentPolicy()}
		if options.UI.Commands, err = agent.Commands(options.Workspaces, p.Dir, o.config); err != nil {
			return err
		}
	}
	if o.webConfig != "" {
		if options.Guard, err = webfile.Read(o.webConfig); err != nil {
			return err
		}
	}
	options.Observe = nil
	options.Parallel, options.Listen, options.Metrics = o.parallel, o.listen, prometheus.Agent
	return agent.Run(ctx, options)
}

func newAgentRun(p *program) *cobra.Command {
	o := agentOptions{}
	cmd := &cobra.Command{
		Use: "run NAME", Short: "Run a schedule now, once",
		Long: `run runs a schedule now, and records who asked for it. Where an agent is running, that
agent does it, and run waits for the end; otherwise run does it itself. With --config,
NAME is SCHEDULE or WORKSPACE/SCHEDULE. It exits 0 if everything holds that the run was
to do, 3 if some changes failed, were skipped or are unknown, 5 if the schedule is paused
or a run of it is going on, and 1 if the run failed.`,
		Example: `  gdfctl agent run acknowledge-walmart
  gdfctl agent run seller-17/acknowledge-walmart --config /etc/gdfctl/agent.hcl`,
		Args: commandline.OneArg("the name of the schedule"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runAgentRun(cmd.Context(), args[0], o) },
	}
	o.registerWhere(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runAgentRun(ctx context.Context, name string, o agentOptions) error {
	options, err := p.agent(o, slog.DiscardHandler)
	if err != nil {
		return err
	}
	r, err := agent.RunNow(ctx, options, name)
	if err != nil {
		return err
	}
	err = p.agentDone(o, report.AgentDone{Run: r})
	if code := agentCode(ctx, r); err == nil && code != exitDone {
		return &saidError{code}
	}
	return err
}

func newAgentPause(p *program) *cobra.Command {
	o := agentOptions{}
	cmd := &cobra.Command{
		Use: "pause NAME", Short: "Keep a schedule, or all of them, from running",
		Long: `pause keeps a schedule from running until it is resumed. A run under way stops
within seconds, as at a first Ctrl-C. Pausing is always safe: nothing is sent twice
when you resume, and due times that passed meanwhile are counted as missed.

--all writes the file ` + agent.PauseFile + `, which works where the database does not. With --config,
NAME is SCHEDULE, WORKSPACE or WORKSPACE/SCHEDULE. Agents of all machines that share a
database of PostgreSQL obey, also --all; where it does not answer, --all stops the agent
of this machine alone, and says so.`,
		Example: `  gdfctl agent pause --all --reason "the marketplace is down"
  gdfctl agent pause acknowledge-walmart --reason "holds are not in the table yet"
  gdfctl agent pause seller-17 --config /etc/gdfctl/agent.hcl --reason "the seller is away"`,
		Args: o.nameOrAll,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runAgentPause(cmd.Context(), strings.Join(args, ""), o)
		},
	}
	o.registerAll(cmd)
	cmd.Flags().StringVar(&o.reason, "reason", "", "the `reason`, which is kept with the pause (required)")
	return cmd
}

func (o *agentOptions) registerAll(cmd *cobra.Command) {
	o.registerWhere(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	cmd.Flags().BoolVar(&o.all, "all", false, "every schedule, instead of NAME")
}

// nameOrAll takes the name of a schedule, or --all.
func (o *agentOptions) nameOrAll(cmd *cobra.Command, args []string) error {
	if o.all && len(args) > 0 || !o.all && (len(args) != 1 || args[0] == agent.All) {
		return commandline.Usagef("%s takes the name of a schedule, or --all", cmd.CommandPath())
	}
	return nil
}

func (p *program) runAgentPause(ctx context.Context, name string, o agentOptions) error {
	if strings.TrimSpace(o.reason) == "" {
		return commandline.Usagef("--reason is required: say why, for whoever wants to resume it")
	}
	options, err := p.agent(o, slog.DiscardHandler)
	if err != nil {
		return err
	}
	pause, err := agent.Pause(ctx, options, name, o.reason)
	if err != nil {
		return err
	}
	return p.agentDone(o, report.AgentDone{Pause: pause})
}

// agentDone shows what a command did to an agent.
func (p *program) agentDone(o agentOptions, done report.AgentDone) error {
	return screen.Print(&p.Screen, o.Chosen, report.NewAgentDone(done), text.AgentDone)
}

func newAgentResume(p *program) *cobra.Command {
	o := agentOptions{}
	cmd := &cobra.Command{
		Use: "resume NAME", Short: "Let a schedule, or all of them, run again",
		Long: `resume ends a pause. A schedule can be paused by itself, with its workspace, and with
every schedule, and runs again when none of these is left: resume says which one is. Due
times that passed meanwhile are not made up for: the next run does what is left to do.`,
		Example: `  gdfctl agent resume acknowledge-walmart
  gdfctl agent resume seller-17 --config /etc/gdfctl/agent.hcl
  gdfctl agent resume --all`,
		Args: o.nameOrAll,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.runAgentResume(cmd.Context(), strings.Join(args, ""), o)
		},
	}
	o.registerAll(cmd)
	return cmd
}

func (p *program) runAgentResume(ctx context.Context, name string, o agentOptions) error {
	options, err := p.agent(o, slog.DiscardHandler)
	if err != nil {
		return err
	}
	was, still, err := agent.Resume(ctx, options, name)
	if err != nil {
		return err
	}
	done := report.AgentDone{Resumed: &was, Pause: still}
	if still != nil {
		done.Resume = options.Deps.Command(still.Resume()...)
	}
	return p.agentDone(o, done)
}

func newAgentStatus(p *program) *cobra.Command {
	o := agentOptions{}
	cmd := &cobra.Command{
		Use: "status", Short: "Show schedules, pauses and the latest runs",
		Long: `status shows what the agent's database knows: what needs a person first, with the command
that helps, and then schedules and the latest runs. It works without an agent. With --config,
it shows all workspaces, and the agents of all machines that share the database.`,
		Example: `  gdfctl agent status --config /etc/gdfctl/agent.hcl
  gdfctl agent status --json | jq '.schedules[] | select(.failures > 2)'`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAgentStatus(cmd.Context(), o) },
	}
	o.registerWhere(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runAgentStatus(ctx context.Context, o agentOptions) error {
	options, err := p.agent(o, slog.DiscardHandler)
	if err != nil {
		return err
	}
	if options.UI.Commands, err = agent.Commands(options.Workspaces, p.Dir, o.config); err != nil {
		return err
	}
	status, err := agent.Status(ctx, options)
	if err != nil {
		return err
	}
	return screen.Print(&p.Screen, o.Chosen, status, text.AgentStatus)
}

func newAgentMigrate(p *program) *cobra.Command {
	o := agentOptions{}
	cmd := &cobra.Command{
		Use: "migrate", Short: "Bring the agent's database to this version",
		Long: `migrate changes the agent's database to what this version needs. For a file, that is
what every agent does when it starts, after a copy. A database of PostgreSQL changes
only by this command: first replace the program on all machines, which can go on
with the database of the version before, and then migrate once.`,
		Example: `  gdfctl agent migrate
  gdfctl agent migrate --config /etc/gdfctl/agent.hcl`,
		Args: commandline.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.runAgentMigrate(cmd.Context(), o) },
	}
	o.registerWhere(cmd)
	o.Format.Register(cmd, report.Text, report.JSON)
	return cmd
}

func (p *program) runAgentMigrate(ctx context.Context, o agentOptions) error {
	options, err := p.agent(o, slog.DiscardHandler)
	if err != nil {
		return err
	}
	path, err := agent.Migrate(ctx, options)
	if err != nil {
		return err
	}
	return p.agentDone(o, report.AgentDone{Database: path})
}
