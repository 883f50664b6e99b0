package shared

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// paced is a place that is good for an append each 10 seconds.
type paced struct{ *memlog.Place }

func (paced) Pace() time.Duration { return 10 * time.Second }

func TestABurstOfAppends(t *testing.T) {
	began := time.Now()
	now, p := began, pace{every: 10 * time.Second}
	var at []time.Duration
	for range 6 {
		now = now.Add(p.wait(now))
		at = append(at, now.Sub(began))
		p.took(now)
	}
	if got, want := fmt.Sprint(at), "[0s 0s 0s 10s 20s 30s]"; got != want {
		t.Errorf("appends are made after %s, want %s", got, want)
	}
	p.took(now.Add(time.Hour))
	if got := p.wait(now.Add(time.Hour)); got != 0 {
		t.Errorf("after an hour of rest the second append waits %s", got)
	}
}

// In the long run no more is appended than the place is good for. Commits and renewals
// are never held up, and count: lines wait for them.
func TestThePaceOfAPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		l := locked(t, s.at(t, paced{s.Place("A")}, newClocks()), backend.Request{})
		r, err := l.Create(backend.Journal)
		fatal(t, err)
		before := len(s.Records())
		const minutes = 20
		for i := range minutes * 60 {
			_, err := fmt.Fprintf(r, "line %d\n", i)
			fatal(t, errors.Join(err, r.Keep()))
			if i%30 == 29 {
				fatal(t, l.Replace(backend.SignedHead, func(w io.Writer) error {
					_, err := fmt.Fprintln(w, i)
					return err
				}))
			}
			time.Sleep(time.Second)
		}
		if n := len(s.Records()) - before; n > minutes*6+burst || n < minutes*6-burst {
			t.Errorf("%d records in %d minutes", n, minutes)
		}
		began := time.Now()
		fatal(t, l.Release())
		if took := time.Since(began); took > time.Second {
			t.Errorf("the end of a run waits %s for the pace", took)
		}
	})
}

// pushed is a place in a repository that takes one push at a time, a second each.
type pushed struct {
	paced
	repository gate
	pushes     *[]time.Time
}

func (p pushed) Append(ctx context.Context, prev sharedlog.Position, r sharedlog.Raw) error {
	p.repository.Lock()
	defer p.repository.Unlock()
	time.Sleep(time.Second)
	*p.pushes = append(*p.pushes, time.Now())
	return p.paced.Append(ctx, prev, r)
}

// Eight runs, each with a name of its own, share a repository for ten minutes. Each writes
// down a window of calls twice a minute, and an outcome each second. None pushes more
// often than six times a minute, and none waits longer than two windows take.
func TestEightNamesShareARepository(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const names, minutes, most = 8, 10, 2 * 30 * time.Second
		repository := newGate()
		var runs sync.WaitGroup
		for name := range names {
			s := newShop(t)
			var pushes []time.Time
			l := locked(t, s.at(t, pushed{paced{s.Place("A")}, repository, &pushes}, newClocks()), backend.Request{})
			r, err := l.Create(backend.Journal)
			fatal(t, err)
			began := time.Now()
			runs.Go(func() {
				longest := time.Duration(0)
				for i := 0; time.Since(began) < minutes*time.Minute; i++ {
					_, err := fmt.Fprintf(r, "line %d\n", i)
					before := time.Now()
					if i%30 == 0 {
						err = errors.Join(err, r.Sync())
					} else {
						err = errors.Join(err, r.Keep())
					}
					if longest = max(longest, time.Since(before)); err != nil || l.Held() != nil {
						t.Errorf("name %d: %v, %v", name, err, l.Held())
						return
					}
					time.Sleep(time.Second)
				}
				repository.Lock() // an outcome may still be on its way
				pushes := slices.Clone(pushes)
				repository.Unlock()
				if longest > most {
					t.Errorf("name %d waited %s for a push, want at most %s", name, longest, most)
				}
				if n := len(pushes); n > minutes*6+burst+1 || n < minutes*4 { // the acquire is no line
					t.Errorf("name %d pushed %d times in %d minutes", name, n, minutes)
				}
				for i := range pushes[:max(0, len(pushes)-6-burst)] {
					if took := pushes[i+6+burst].Sub(pushes[i]); took < time.Minute {
						t.Errorf("name %d pushed %d times in %s", name, 6+burst, took)
					}
				}
				if err := l.Release(); err != nil {
					t.Error(err)
				}
			})
		}
		runs.Wait()
	})
}
