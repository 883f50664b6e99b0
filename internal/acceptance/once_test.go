package acceptance

import (
	"fmt"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// Every way in which one change follows another on an order, by apply alone,
// by saved plans and by turns, undisturbed and killed at a write that does or
// doesn't take effect, while reads show orders as they were one, two or three
// changes ago: each change that is wanted is executed once, and nothing is
// wanted again though no read shows it.
func TestEachWantedChangeIsExecutedOnceHoweverFarReadsLag(t *testing.T) {
	t.Parallel()
	for way, saves := range map[string]func(stage int) bool{
		"apply":      func(int) bool { return false },
		"saved plan": func(int) bool { return true },
		"by turns":   func(stage int) bool { return stage%2 == 0 },
	} {
		for _, struck := range []string{undisturbed, killedInTime, killedInVain} {
			for behind := 1; behind <= 3; behind++ {
				t.Run(fmt.Sprintf("%s/%s/reads lag by %d", way, struck, behind), func(t *testing.T) {
					t.Parallel()
					executedOnceWhile(t, saves, struck, behind)
				})
			}
		}
	}
}

const (
	undisturbed  = "undisturbed"
	killedInTime = "killed, and the call takes effect"
	killedInVain = "killed, and the call is lost"
)

const quickAccount = `
  page_size = 1000
  settle    = "1s"
  rate_limit {
    burst            = 100000
    limit_per_second = 100000
  }
`

func executedOnceWhile(t *testing.T, saves func(stage int) bool, struck string, behind int) {
	s := &striker{}
	var mu sync.Mutex
	caughtUp := "" // the order whose call is open: its reads lag less than settle
	j := newJourney(t, 7, 1, apiserver.Options{
		Intercept: s.intercept,
		Behind: func(id string) int {
			mu.Lock()
			defer mu.Unlock()
			if caughtUp == id {
				return 0
			}
			return behind
		},
	})
	j.account = quickAccount
	catchUp := func(id string) {
		mu.Lock()
		defer mu.Unlock()
		caughtUp = id
	}
	die := func(p *process, id string) *apiserver.Fault {
		p.hit(kill, 0)
		<-p.ended
		catchUp(id)
		if struck == killedInVain {
			return &apiserver.Fault{Cut: true}
		}
		return nil
	}
	for stage := range stages {
		j.configure(stage)
		args := []string{"apply", "--auto-approve", "--parallelism", "1"}
		if saves(stage) {
			j.run("plan", "--out", "day.plan").exits(0)
			args = []string{"apply", "day.plan", "--parallelism", "1"}
		}
		if struck != undisturbed {
			s.arm((stage+behind)%3+1, die)
			p := j.start(args...)
			s.aim(p)
			p.wait().exits(-1)
		}
		j.run(args...).exits(0)
		catchUp("")
		j.eachOnce(false)

		// Reads show the orders as they were: that is pending, and no reason to
		// send anything, however plans are made and carried out.
		if d := j.wantsNothing(); stage == 0 && d.Summary.Pending == 0 {
			t.Error("nothing is pending although reads show nothing of what was applied")
		}
		j.run("plan", "--out", "again.plan").exits(0)
		j.run("apply", "again.plan").exits(0)
		j.apply()
		j.eachOnce(false)
	}
	j.api.Configure(func(o *apiserver.Options) { o.Behind = nil })
	if d := j.wantsNothing(); d.Summary.Pending > 0 {
		t.Errorf("%d orders are pending though reads show everything", d.Summary.Pending)
	}
	j.apply()
	j.eachOnce(false)
	j.auditIsLedger()
	j.auditHolds()
}
