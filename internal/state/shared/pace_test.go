package shared

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
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
