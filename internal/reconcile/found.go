package reconcile

import (
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/state"
)

// Found is since when a process has known of calls whose outcome is open, of all states that it
// applies to. How long such a call waits before it is repeated counts from then: by that time, whoever made it
// had lost the state. So what a slice can't wait for, the slices behind it can. A nil one knows
// nothing, and keeps nothing.
type Found struct {
	mu sync.Mutex // guards at
	at map[foundCall]time.Time
}

type foundCall struct {
	lineage string
	id      state.IntentID
}

// of is that of the open calls of a state.
func (f *Found) of(st *state.State) map[state.IntentID]time.Time {
	all := map[state.IntentID]time.Time{}
	if f == nil {
		return all
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for in := range st.OpenIntents() {
		if at, known := f.at[foundCall{st.Lineage(), in.Ident()}]; known {
			all[in.Ident()] = at
		}
	}
	return all
}

// keep keeps it for the runs to come, of calls that are still open.
func (f *Found) keep(st *state.State, found map[state.IntentID]time.Time) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := map[foundCall]time.Time{}
	for of, at := range f.at {
		if of.lineage != st.Lineage() {
			kept[of] = at
		}
	}
	for in := range st.OpenIntents() {
		if at, known := found[in.Ident()]; known {
			kept[foundCall{st.Lineage(), in.Ident()}] = at
		}
	}
	f.at = kept
}
