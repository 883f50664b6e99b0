package agent

import (
	"context"
	"slices"
	"sync"
	"time"
)

// places are how many slices an agent does at once. One that waits for a state of others, such as
// behind a batch of hours, gives its place back until it has that state, and waits on: what it
// asked of the holder stays in the log, and other workspaces' due times come too. Then it goes on
// at once, though it were one too many: who holds a state keeps others from it. New ones begin when there are places
// again. Where batches of hours have all of them, who gets none asks one of these to give way.
type places struct {
	most int           // slices that work at once
	room int           // others that wait for a state
	own  int           // slices of one workspace, of both kinds
	turn time.Duration // for so long a slice sends before it gives way

	mu      sync.Mutex // guards what is below
	working int
	waiting int
	had     map[*place]bool // of both kinds
	taken   map[string]int  // of both kinds, and of who wants a place, by workspace
	queue   []*place        // who wants a place, the first one first
}

// roomOf is how many slices may wait for a state, for each place: each of them looks at its state every few seconds.
const roomOf = 7

// newPlaces are those of an agent. Of many workspaces, none has more than half of them, however many
// schedules it has and however long its runs wait for an API or for a state.
func newPlaces(parallel, workspaces int, turn time.Duration) *places {
	p := &places{most: parallel, room: roomOf * parallel, own: (parallel + 1) / 2, turn: turn, had: map[*place]bool{}, taken: map[string]int{}}
	if workspaces < 2 {
		p.own = p.most + p.room
	}
	return p
}

// place is that of one slice. nil is that of a slice which takes none.
type place struct {
	of        *places
	workspace string
	waits     bool          // for a state
	had       chan struct{} // closed when it is had

	sending time.Time // since when; zero: it reads, and would have to read again
	giveWay func()    // ends the slice soon; nil: it can't, or ends already
	asked   bool      // to give way
}

// enter takes a place for a slice of a workspace, for which it waits at most so long, and not
// beyond the end of ctx. nil: it has none; soon: one was asked to give way, and its place is free before long.
func (p *places) enter(ctx context.Context, workspace string, patience time.Duration) (one *place, soon bool) {
	one = p.want(workspace)
	if one == nil {
		return nil, false
	}
	select {
	case <-one.had:
		return one, false
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-one.had:
		return one, false
	case <-timer.C:
	case <-ctx.Done():
	}
	if !p.unwant(one) {
		return one, false // it was given to it meanwhile
	}
	return nil, ctx.Err() == nil && p.ask(workspace)
}

// ask has a slice give way to a workspace that gets no place: of those that have sent for a turn, the
// one that has sent for longest. Others need not make room for a workspace that has a place itself. One
// at a time is enough: most runs are short, and its place serves several. false: none is asked.
func (p *places) ask(workspace string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	var longest *place
	own := false
	for one := range p.had {
		switch {
		case one.asked:
			return true
		case one.waits:
			continue
		case one.workspace == workspace && !own:
			own, longest = true, nil
		}
		sends := one.giveWay != nil && !one.sending.IsZero() && time.Since(one.sending) >= p.turn
		if sends && (!own || one.workspace == workspace) && (longest == nil || one.sending.Before(longest.sending)) {
			longest = one
		}
	}
	if longest == nil || p.working < p.most {
		return false
	}
	longest.asked = true
	longest.giveWay()
	return true
}

// gives says how the slice can be ended; nil: not any more.
func (one *place) gives(way func()) {
	if one == nil {
		return
	}
	one.of.mu.Lock()
	defer one.of.mu.Unlock()
	one.giveWay = way
}

// sends notes that the slice has read what it needs, and sends changes.
func (one *place) sends() {
	if one == nil {
		return
	}
	one.of.mu.Lock()
	defer one.of.mu.Unlock()
	if one.sending.IsZero() {
		one.sending = time.Now()
	}
}

// want asks for a place. nil: the workspace has all that it may have.
func (p *places) want(workspace string) *place {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[workspace] >= p.own {
		return nil
	}
	one := &place{of: p, workspace: workspace, had: make(chan struct{})}
	p.taken[workspace]++
	p.queue = append(p.queue, one)
	p.give()
	return one
}

// unwant ends the wish for a place. false: it was given.
func (p *places) unwant(one *place) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.queue, one)
	if i < 0 {
		return false
	}
	p.queue = slices.Delete(p.queue, i, i+1)
	p.untake(one)
	return true
}

// give gives places to those who want one.
func (p *places) give() {
	for p.working < p.most && len(p.queue) > 0 {
		p.working++
		p.had[p.queue[0]] = true
		close(p.queue[0].had)
		p.queue = p.queue[1:]
	}
}

func (p *places) untake(one *place) {
	if p.taken[one.workspace]--; p.taken[one.workspace] == 0 {
		delete(p.taken, one.workspace)
	}
}

// wait gives a place back while its slice waits for a state, if there is room for that.
func (one *place) wait() {
	if one == nil {
		return
	}
	p := one.of
	p.mu.Lock()
	defer p.mu.Unlock()
	if !one.waits && p.waiting < p.room {
		one.waits = true
		p.waiting, p.working = p.waiting+1, p.working-1
		p.give()
	}
}

// goOn takes it again.
func (one *place) goOn() {
	if one == nil {
		return
	}
	p := one.of
	p.mu.Lock()
	defer p.mu.Unlock()
	if one.waits {
		one.waits = false
		p.waiting, p.working = p.waiting-1, p.working+1
	}
}

// leave ends the slice.
func (one *place) leave() {
	one.goOn()
	p := one.of
	p.mu.Lock()
	defer p.mu.Unlock()
	p.working--
	delete(p.had, one)
	p.untake(one)
	p.give()
}
