package acceptance

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// settling is a settle that is longer than a write is late and a read lags
// behind it, with room for a machine that is busy.
const settling = `
  settle = "2s"
  rate_limit {
    burst            = 20
    limit_per_second = 80
  }
`

// programme is one round: a journey whose runs are struck.
type programme struct {
	*journey
	random *rand.Rand
	aim    *striker
	landed *landings
	lag    time.Duration

	clock   time.Duration // how wrong it is now
	plan    string        // a saved plan whose run did not end
	since   int           // runs since one that ended well, itself aside; 0: nothing is left to do
	renamed bool          // since then
	was     string        // the label before
	copies  []string      // of the state, after runs
	last    stateHead
	log     []string // what was done
}

func newProgramme(t *testing.T, random *rand.Rand, landed *landings) *programme {
	p := &programme{random: random, aim: &striker{}, landed: landed, since: 1}
	// In two rounds of three a write is late and a read lags by as much as
	// settle leaves room for.
	latest := 30 * time.Millisecond
	if random.IntN(3) > 0 {
		latest, p.lag = 600*time.Millisecond, 450*time.Millisecond
	}
	delays := rand.New(rand.NewPCG(random.Uint64(), 4))
	p.journey = newJourney(t, random.Uint64(), 2, apiserver.Options{
		WriteDelay: lockedDelay(delays, latest), ReadLag: p.lag, Intercept: p.aim.amid(random),
	})
	p.account = settling
	p.dated = random.IntN(2) == 0 // clocks jump only there: a ship date of a wrong clock is held back by a right one
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("writes are late by up to %s, reads lag by %s; what was done:\n  %s", latest, p.lag, strings.Join(p.log, "\n  "))
		}
	})
	return p
}

func (p *programme) note(format string, args ...any) {
	p.log = append(p.log, fmt.Sprintf(format, args...))
}

// command is what is run next: a saved plan again, another one, or apply alone.
func (p *programme) command() []string {
	if p.plan != "" && p.random.IntN(2) == 0 {
		return []string{"apply", p.plan}
	}
	p.plan = ""
	if p.random.IntN(2) == 0 {
		return []string{"apply", "--auto-approve"}
	}
	p.plan = fmt.Sprintf("%d.plan", len(p.log))
	planned := p.begin("plan", "--out", p.plan).wait()
	if planned.code != 0 {
		p.t.Errorf("plan: exit %d\n%s", planned.code, planned.end())
	}
	return []string{"apply", p.plan}
}

func (p *programme) begin(args ...string) *process {
	p.t.Helper()
	adjust, err := atClock(p.clock)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.startWith(adjust, args...)
}

// struck runs something and strikes it: at some moment, or when the server
// receives its nth write. A run that was over before it was struck does not
// count.
func (p *programme) struck(how strike) {
	p.t.Helper()
	args := p.command()
	pause := time.Duration(20+p.random.IntN(1000)) * time.Millisecond
	var run *process
	var hit atomic.Bool
	var when string
	if p.random.IntN(2) == 0 {
		n, lost := 1+p.random.IntN(15), how == kill && p.random.IntN(3) == 0
		when = fmt.Sprintf("at write %d", n)
		p.aim.arm(n, func(target *process, _ string) *apiserver.Fault {
			hit.Store(true)
			if how != kill {
				go target.hit(how, pause)
				return nil
			}
			target.hit(how, 0)
			<-target.ended
			if lost {
				return &apiserver.Fault{Cut: true}
			}
			return nil
		})
		run = p.begin(args...)
		p.aim.aim(run)
	} else {
		moment := time.Duration(p.random.IntN(900)) * time.Millisecond
		when = fmt.Sprintf("after %s", moment)
		run = p.begin(args...)
		select {
		case <-run.ended:
		case <-time.After(moment): // the moment is what is drawn by lot
			hit.Store(true)
			run.hit(how, pause)
		}
	}
	r := run.wait()
	p.aim.arm(0, nil)
	p.note("%v, struck %s by %s: exit %d", args, when, how, r.code)
	if !p.refused(r) {
		r.endsAfter(how)
	}
	p.ended(r)
	if hit.Load() && (how == stopAndGo || r.code != 0) {
		p.landed.count(how)
	}
}

// goOn runs to an end that is well, as people would after what befell the runs
// before.
func (p *programme) goOn() {
	p.t.Helper()
	for range 4 {
		args := p.command()
		r := p.begin(args...).wait()
		p.note("%v: exit %d", args, r.code)
		refused := p.refused(r)
		p.ended(r)
		if r.code == 0 {
			p.wantsNothing()
			p.eachOnce(true)
			return
		}
		if !refused {
			r.endsAfter(notAtAll)
			return
		}
	}
	p.t.Error("it never came to an end that is well")
}

// refused reports whether a run left something undone for a reason that the
// documents give, and does what it asks for.
func (p *programme) refused(r result) bool {
	text := strings.Join(strings.Fields(r.all()), " ")
	switch again := strings.Contains(text, "plan again"); {
	case r.code == 1 && p.renamed && strings.Contains(text, "formerly"):
		p.wayBack()
	case r.code == 1 && again && slices.Contains(r.args, p.plan):
		p.plan = ""
	case r.code == 3 && again && p.since > 0:
		// The plan was made while calls of the run before were open. They had an
		// effect, and the configuration wants something else by now.
		p.plan = ""
	default:
		return false
	}
	return true
}

// ended looks at what a run left behind.
func (p *programme) ended(r result) {
	p.t.Helper()
	if p.since++; r.code == 0 {
		p.since, p.renamed, p.plan = 0, false, ""
	}
	head := p.stateHolds()
	if head.Lineage == "" {
		return
	}
	if p.last.Lineage != "" && (head.Lineage != p.last.Lineage || head.Serial < p.last.Serial) {
		p.t.Errorf("the state was %+v, and is %+v", p.last, head)
	}
	p.last = head
	p.copies = append(p.copies, p.read(stateName))
}
