package reconcile

import (
	"context"
	"slices"

	"github.com/gdfctl/gdfctl/internal/state"
)

// Names are what a command line can name: as much of it as the files of a
// configuration say. Nothing is asked of the API.
type Names struct {
	Accounts  []string
	Variables []string
	Blocks    []string // addresses of order and batch blocks
	Schedules []string
}

// ReadNames reads the names in a configuration. A configuration with mistakes
// has names too, and one that can't be read has none.
func ReadNames(s Source, d Deps) Names {
	cfg, _, _ := d.load(s, true, d.Now)
	defer cfg.Close()
	n := Names{Variables: cfg.Variables(), Blocks: cfg.Blocks()}
	for _, a := range cfg.Accounts {
		n.Accounts = append(n.Accounts, a.Name)
	}
	for _, s := range cfg.Schedules {
		n.Schedules = append(n.Schedules, s.Name)
	}
	return n
}

// ReadAddresses reads the addresses of the orders that a configuration wants
// something of, in the order of their names, until ctx ends.
func ReadAddresses(ctx context.Context, s Source, d Deps) []string {
	cfg, _, diags := d.load(s, true, d.Now)
	defer cfg.Close()
	if diags.HasErrors() {
		return nil
	}
	wishes, diags := cfg.Wishes(ctx)
	if diags.HasErrors() || ctx.Err() != nil {
		return nil
	}
	addresses := make([]string, len(wishes.Orders))
	for i := range wishes.Orders {
		addresses[i] = wishes.Orders[i].Address()
	}
	slices.Sort(addresses)
	return slices.Compact(addresses)
}

// ReadKept reads the orders that a state holds. A state that can't be read has
// none, and no run is disturbed.
func ReadKept(ctx context.Context, s Source, d Deps) []*state.Entry {
	w, err := d.forRecords(s, func(Event) {})
	if err != nil {
		return nil
	}
	defer w.close()
	if w.home.shared() { // completing a word must not wait for a network
		return nil
	}
	st, err := w.readState(ctx)
	if err != nil {
		return nil
	}
	return slices.Collect(st.Entries())
}
