package completion

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gdfctl/gdfctl/internal/reconcile"
)

const (
	// completionTime is how long a person waits for the Tab key: larger tables
	// complete to their block only.
	completionTime = 2 * time.Second
	// mostCompletions is how many words a shell is given to choose from.
	mostCompletions = 200
)

// fixedWords are the values of flags that take one of a few words, by the flag's
// name. A command whose flag takes other words registers those itself.
var fixedWords = map[string][]string{
	"annotate":   {"github"},
	"date-field": {"source", "destination"},
	"kind":       {"plan", "apply", "status", "feeds"},
	"refresh":    {"open", "all"},
	"style":      {"documented", "other"},
}

// Words is what is completed with.
type Words struct {
	// Source is the configuration that a half-written command line is about.
	Source func(cmd *cobra.Command) reconcile.Source
	Deps   func() reconcile.Deps

	// Machine are the workspaces and the schedules of the machine's file of that path.
	Machine func(path string) (workspaces, schedules []string)
}

// Register gives every flag and argument below cmd something to complete with.
// Nothing of it asks the API. Where there is nothing to offer, no file names are
// offered either.
func (w Words) Register(cmd *cobra.Command) {
	register := func(flag *pflag.Flag) {
		if _, done := cmd.GetFlagCompletionFunc(flag.Name); !done && flag.NoOptDefVal == "" {
			// The error is for a flag that doesn't exist or has completions already.
			_ = cmd.RegisterFlagCompletionFunc(flag.Name, w.flagValues(flag))
		}
	}
	cmd.LocalFlags().VisitAll(register)
	if cmd.ValidArgsFunction == nil && !cmd.HasSubCommands() {
		cmd.ValidArgsFunction = w.arguments(cmd)
	}
	for _, sub := range cmd.Commands() {
		w.Register(sub)
	}
}

// flagValues completes the value of a flag.
func (w Words) flagValues(flag *pflag.Flag) cobra.CompletionFunc {
	switch flag.Name {
	case "target", "exclude":
		return w.addresses
	case "account":
		return w.fromNames(func(n reconcile.Names) []string { return n.Accounts })
	case "var":
		return func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			names := reconcile.ReadNames(w.Source(cmd), w.Deps()).Variables
			for i := range names {
				names[i] += "="
			}
			return startingWith(word, names), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
	case "order":
		return w.kept
	}
	if words, ok := fixedWords[flag.Name]; ok {
		return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
	}
	switch value, _ := pflag.UnquoteUsage(flag); value {
	case "file":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
	case "directory":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
	}
	return cobra.NoFileCompletions
}

// arguments completes the arguments of a command.
func (w Words) arguments(cmd *cobra.Command) cobra.CompletionFunc {
	switch cmd.CommandPath() {
	case "gdfctl comment":
		return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault)
	case "gdfctl apply", "gdfctl show":
		return first(cobra.FixedCompletions(nil, cobra.ShellCompDirectiveDefault))
	case "gdfctl fmt":
		return cobra.FixedCompletions([]cobra.Completion{"hcl"}, cobra.ShellCompDirectiveFilterFileExt)
	case "gdfctl state show", "gdfctl state rm", "gdfctl audit list", "gdfctl explain":
		return first(w.kept)
	case "gdfctl resend":
		return w.kept
	case "gdfctl agent":
		return first(cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs))
	case "gdfctl agent run", "gdfctl agent pause", "gdfctl agent resume":
		return first(w.schedules)
	case "gdfctl orders get":
		return first(w.keptIDs)
	}
	return cobra.NoFileCompletions
}

// schedules completes the name of a schedule, and where many can be meant, that of a workspace.
func (w Words) schedules(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	path, _ := cmd.Flags().GetString("config")
	if path == "" {
		return w.fromNames(func(n reconcile.Names) []string { return n.Schedules })(cmd, args, word)
	}
	workspaces, schedules := w.Machine(path)
	if cmd.Name() != "run" {
		schedules = append(workspaces, schedules...)
	}
	return startingWith(word, schedules), cobra.ShellCompDirectiveNoFileComp
}

// first completes one argument, and none behind it.
func first(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, word)
	}
}

func (w Words) fromNames(choose func(reconcile.Names) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return startingWith(word, choose(reconcile.ReadNames(w.Source(cmd), w.Deps()))), cobra.ShellCompDirectiveNoFileComp
	}
}

// addresses completes blocks and, behind the bracket of a batch, its orders:
// only then are tables read.
func (w Words) addresses(cmd *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	source := w.Source(cmd)
	if !strings.HasPrefix(word, "batch.") || !strings.Contains(word, "[") {
		return startingWith(word, reconcile.ReadNames(source, w.Deps()).Blocks), cobra.ShellCompDirectiveNoFileComp
	}
	ctx, stop := context.WithTimeout(cmd.Context(), completionTime)
	defer stop()
	return startingWith(word, reconcile.ReadAddresses(ctx, source, w.Deps())), cobra.ShellCompDirectiveNoFileComp
}

// kept completes the orders of the state, by the marketplace's number, or the id
// if there is none, and addresses.
func (w Words) kept(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if strings.HasPrefix(word, "batch.") || strings.HasPrefix(word, "standing.") || strings.HasPrefix(word, "order[") {
		return w.addresses(cmd, args, word)
	}
	var names []string
	for _, e := range reconcile.ReadKept(cmd.Context(), w.Source(cmd), w.Deps()) {
		name := e.Ref.SourceNumber
		if name == "" {
			name = e.ID
		}
		names = append(names, name)
	}
	return startingWith(word, names), cobra.ShellCompDirectiveNoFileComp
}

// keptIDs completes the ids of the orders of the state.
func (w Words) keptIDs(cmd *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var ids []string
	for _, e := range reconcile.ReadKept(cmd.Context(), w.Source(cmd), w.Deps()) {
		ids = append(ids, e.ID)
	}
	return startingWith(word, ids), cobra.ShellCompDirectiveNoFileComp
}

// startingWith are the words that complete a beginning.
func startingWith(beginning string, words []string) []cobra.Completion {
	var found []cobra.Completion
	for _, word := range words {
		if len(found) == mostCompletions {
			break
		}
		if strings.HasPrefix(word, beginning) {
			found = append(found, word)
		}
	}
	return found
}
