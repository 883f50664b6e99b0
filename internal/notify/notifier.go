package notify

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Store keeps the memory between commands. Update hands it to change and saves
// what change made of it, while no other process can do the same. Where it
// can't be saved, or not even be read, change has been called all the same.
type Store interface {
	Update(change func(Memory)) error
}

// Notifier sends what a command saw to the notify blocks of a configuration.
type Notifier struct {
	Targets []Target
	Store   Store
	Sender  Sender
}

// Notify delivers what is new in the looks, and what could not be delivered
// before, and returns when all is delivered or given up, after TotalTimeout at
// most. Its errors are for people: each names a block that could not be sent its message,
// and none holds a webhook's address. What they are about is sent next time.
func (t *Notifier) Notify(ctx context.Context, looks ...Look) (problems []error) {
	ctx, cancel := context.WithTimeout(ctx, TotalTimeout)
	defer cancel()
	for i := range t.Targets {
		if target := &t.Targets[i]; target.Problem != nil {
			problems = append(problems, target.failed(target.Problem))
		}
	}
	due := map[string][]Event{}
	unremembered := t.Store.Update(func(m Memory) {
		maps.DeleteFunc(m, func(name string, _ *Sent) bool { return t.target(name) == nil })
		for i := range t.Targets {
			target := &t.Targets[i]
			for _, look := range looks {
				m.observe(target.Name, target.On, look)
			}
			if target.Problem == nil {
				due[target.Name] = m.claim(target.Name, t.Sender.Now())
			}
		}
	})
	defer func() {
		if unremembered != nil {
			problems = append(problems, fmt.Errorf("what was sent to the notify blocks can't be remembered, so it may be sent again: %w", unremembered))
		}
	}()
	// Whoever finds a claim leaves what it saw to the one that holds it: so
	// there may be more to tell when a message is delivered.
	for {
		maps.DeleteFunc(due, func(_ string, events []Event) bool { return len(events) == 0 })
		if len(due) == 0 {
			return problems
		}
		failed := t.deliver(ctx, due)
		more := map[string][]Event{}
		err := t.Store.Update(func(m Memory) {
			for name, events := range due {
				if failed[name] != nil {
					m.release(name, nil)
					continue
				}
				m.release(name, events)
				if ctx.Err() == nil {
					more[name] = m.claim(name, t.Sender.Now())
				}
			}
		})
		unremembered = cmp.Or(unremembered, err)
		if err != nil { // what there is to tell is what it was before
			more = nil
		}
		for _, name := range slices.Sorted(maps.Keys(failed)) {
			problems = append(problems, t.target(name).failed(failed[name]))
		}
		due = more
	}
}

// deliver sends to all blocks side by side, and returns what went wrong with
// which.
func (t *Notifier) deliver(ctx context.Context, due map[string][]Event) map[string]error {
	failed := map[string]error{}
	var mu sync.Mutex // guards failed
	var all sync.WaitGroup
	for name, events := range due {
		all.Go(func() {
			if err := t.Sender.Send(ctx, t.target(name), events); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[name] = err
			}
		})
	}
	all.Wait()
	return failed
}

func (t *Notifier) target(name string) *Target {
	for i := range t.Targets {
		if t.Targets[i].Name == name {
			return &t.Targets[i]
		}
	}
	return nil
}
