package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

type feedsHistoryOptions struct {
	variableFlags
	accountFlag
	full   bool
	json   bool
	forget bool
}

func newFeedsHistory(p *program) *cobra.Command {
	o := feedsHistoryOptions{}
	cmd := &cobra.Command{
		Use:   "history NAME",
		Short: "Show what earlier checks saw of a feed",
		Long: `history shows what ` + "`feeds check`" + ` remembers of a feed: its items, warnings,
errors and score over the last 30 observations, as lines of bars. NAME is the feed's name, its id,
or a pattern of names like 'Amazon US - *'. It makes no call.`,
		Example: `  gdfctl feeds history "Google Shopping US"
  gdfctl feeds history --full 'Amazon US - *'
  gdfctl feeds history --forget "$ID"         a feed that is gone for good`,
		Args: oneArg("a feed's name, a pattern of names, or an id"),
		RunE: func(_ *cobra.Command, args []string) error { return p.runFeedsHistory(args[0], o) },
	}
	o.variableFlags.register(cmd)
	o.accountFlag.registerFilter(cmd, "only feeds of the account of this `name` (default: of all)")
	cmd.Flags().BoolVar(&o.full, "full", false, "show every observation, not the latest alone")
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	cmd.Flags().BoolVar(&o.forget, "forget", false, "forget what is remembered: a check then begins anew with the feed")
	return cmd
}

func (p *program) runFeedsHistory(name string, o feedsHistoryOptions) error {
	w, err := p.openToLook(o.variableFlags)
	if err != nil {
		return err
	}
	defer w.close()
	accounts, err := w.accounts(o.accountFlag)
	if err != nil {
		return err
	}
	path := w.store.Paths().Feeds
	history, notices := state.LoadFeedHistory(path)
	p.notices(notices)
	found := rememberedFeeds(history, accounts, name)
	if len(found) == 0 {
		return fmt.Errorf("no check has seen a feed %q yet\n%s", name, knownFeeds(history, accounts))
	}
	switch {
	case o.forget:
		return w.forgetFeeds(path, found)
	case o.json:
		return json.Object(p.stdout, report.NewFeedHistory(found))
	}
	return text.FeedHistory(p.stdout, p.styleOut, report.NewFeedHistory(found), o.full)
}

// rememberedFeeds are the feeds of a name, an id or a pattern, by name.
func rememberedFeeds(h *state.FeedHistory, accounts []*spec.Account, name string) []report.RememberedFeed {
	glob := spec.Glob(name)
	var found []report.RememberedFeed
	for _, a := range accounts {
		for id, r := range h.Account(a.Endpoint, a.Name).Feeds {
			if id == name || r.Name == name || glob.MatchString(r.Name) {
				found = append(found, report.RememberedFeed{Account: a.Name, ID: id, Record: r})
			}
		}
	}
	slices.SortFunc(found, func(a, b report.RememberedFeed) int {
		return cmp.Or(strings.Compare(a.Record.Name, b.Record.Name), strings.Compare(a.ID, b.ID), strings.Compare(a.Account, b.Account))
	})
	return found
}

func knownFeeds(h *state.FeedHistory, accounts []*spec.Account) string {
	const most = 5
	all := rememberedFeeds(h, accounts, "*")
	if len(all) == 0 {
		return "Nothing is remembered yet: `gdfctl feeds check` looks at the feeds that watch blocks mean"
	}
	names := make([]string, 0, most)
	for _, f := range all[:min(most, len(all))] {
		names = append(names, fmt.Sprintf("%q", f.Record.Name))
	}
	line := "It has seen " + strings.Join(names, ", ")
	if len(all) > most {
		line += fmt.Sprintf(" and %d more", len(all)-most)
	}
	return line
}

func (w *workspace) forgetFeeds(path string, feeds []report.RememberedFeed) error {
	err := state.UpdateFeedHistory(path, func(h *state.FeedHistory) {
		for _, f := range feeds {
			if a, ok := w.cfg.Account(f.Account); ok {
				delete(h.Account(a.Endpoint, a.Name).Feeds, f.ID)
			}
		}
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.p.stdout, "Forgotten: %s.\n", words.Count(len(feeds), "feed", "feeds"))
	return err
}
