package acceptance

import (
	"fmt"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// Every way in which one change follows another on an order, by apply alone
// and by saved plans, undisturbed and killed at a write that does or doesn't
// take effect, while reads show orders as they were one, two or three changes
// ago: each change that is wanted is executed once, and nothing is wanted
// again though no read shows it.
func TestEachWantedChangeIsExecutedOnceHoweverFarReadsLag(t *testing.T) {
	t.Parallel()
	for _, saves := range []bool{false, true} {
		for _, struck := range []string{"undisturbed", "killed, and the call takes effect", "killed, and the call is lost"} {
			for behind := 1; behind <= 3; behind++ {
				how := map[bool]string{false: "apply", true: "saved plan"}[saves]
				t.Run(fmt.Sprintf("%s/%s/reads lag by %d", how, struck, behind), func(t *testing.T) {
					t.Parallel()
					executedOnceWhile(t, saves, struck, behind)
				})
			}
		}
	}
}

const quickAccount = `
  page_size = 1000
  settle    = "1s"
  rate_limit {
    burst      = 100000
    per_second = 100000
  }
`

func executedOnceWhile(t *testing.T, saves bool, struck string, behind int) {
	s := &striker{}
	var mu sync.Mutex
	caughtUp := map[string]bool{} // orders whose outcome is open: their reads lag less than settle
	j := newJourney(t, 7, 1, apiserver.Options{
		Intercept: s.intercept,
		Behind: func(id string) int {
			mu.Lock()
			defer mu.Unlock()
			if caughtUp[id] {
				return 0
			}
			return behind
		},
	})
	j.account = quickAccount
	die := func(p *process, id string) *apiserver.Fault {
		p.hit(kill, 0)
		<-p.ended
		if struck == "killed, and the call is lost" {
			return &apiserver.Fault{Cut: true}
		}
		mu.Lock()
		defer mu.Unlock()
		caughtUp[id] = true
		return nil
	}
	for stage := range stages {
		j.configure(stage)
		args := []string{"apply", "--auto-approve", "--parallelism", "1"}
		if saves {
			j.run("plan", "--out", "day.plan").exits(0)
			args = []string{"apply", "day.plan", "--parallelism", "1"}
		}
		if struck != "undisturbed" {
			for n := 1; n <= 2; n++ {
				s.arm(n, die)
				p := j.start(args...)
				s.aim(p)
				p.wait().exits(-1)
			}
		}
		j.run(args...).exits(0)
		mu.Lock()
		clear(caughtUp)
		mu.Unlock()
		j.eachOnce(false)

		// Reads show the orders as they were: that is pending, and no reason to
		// send anything, however plans are made and carried out.
		if d := j.wantsNothing(); stage == 0 && d.Summary.Pending == 0 {
			t.Error("nothing is pending although reads show nothing of what was applied")
		}
		if saves {
			j.run("plan", "--out", "again.plan").exits(0)
			j.run("apply", "again.plan").exits(0)
		} else {
			j.apply()
		}
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
