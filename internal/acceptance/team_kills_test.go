package acceptance

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// Machines that share a state are struck at any moment, by every kind of signal, while
// others wait for their turn, the place of the state is slow and loses answers, writes
// take effect late and reads lag. Whatever happens: everything is done once, and the
// audit log has what the server's ledger has.
func TestTeamsKilledAtAnyMomentGoOnAndNothingIsDoneTwice(t *testing.T) {
	t.Parallel()
	// Each takes the time of a lease; GDF_SOAK_KILLS is meant for those that don't.
	blows := max(2, soakOr(t, "GDF_SOAK_KILLS", 0)/20)
	inEachHome(t, func(t *testing.T, fresh func() home) {
		random := seeded(t)
		var landed landings
		for round := 0; landed.total() < blows && !t.Failed(); round++ {
			choices := rand.New(rand.NewPCG(random.Uint64(), 7))
			h := fresh() // not within the round: what is missing leaves all rounds out
			t.Run(fmt.Sprint(round), func(t *testing.T) { newTeamProgramme(t, h, choices, &landed, blows).play() })
		}
		t.Log(landed.String())
	})
}

// teamProgramme is one round: a journey of several machines, whose runs are struck.
type teamProgramme struct {
	*journey
	team     *team
	machines []*world
	random   *rand.Rand
	aim      *striker
	landed   *landings
	blows    int
	log      []string // what was done
}

func newTeamProgramme(t *testing.T, h home, random *rand.Rand, landed *landings, blows int) *teamProgramme {
	p := &teamProgramme{random: random, aim: &striker{}, landed: landed, blows: blows}
	delays := rand.New(rand.NewPCG(random.Uint64(), 4))
	p.journey = newJourney(t, random.Uint64(), 2, apiserver.Options{
		WriteDelay: lockedDelay(delays, 600*time.Millisecond), ReadLag: 450 * time.Millisecond, Intercept: p.aim.amid(random),
	})
	p.account = "  read_lag = \"3s\"\n" + settling
	p.configure(0)
	p.team = teamOf(p.world, h)
	p.machines = []*world{p.world, p.team.machine(), p.team.machine()}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("what was done:\n  %s", strings.Join(p.log, "\n  "))
		}
	})
	return p
}

func (p *teamProgramme) note(format string, args ...any) {
	p.log = append(p.log, time.Now().Format("15:04:05.0 ")+fmt.Sprintf(format, args...))
}

// play strikes runs until the configuration went through all its stages, and lets the
// last ones end.
func (p *teamProgramme) play() {
	for range 2 * stages {
		p.struck(strikes[[]int{0, 0, 0, 1, 2, 3}[p.random.IntN(6)]])
		if p.t.Failed() || p.stage == stages-1 || p.landed.total() >= p.blows {
			break
		}
		if p.random.IntN(2) == 0 {
			p.note("the configuration is edited: stage %d", p.stage+1)
			p.configure(p.stage + 1)
			for _, w := range p.machines[1:] {
				p.team.copyTo(w)
			}
		}
	}
	p.goOn()
	p.eachOnce(true)
	p.auditShared()
}

// struck has two machines apply in a place that is ill, and strikes the first one: at
// some moment, or when the server receives a write.
func (p *teamProgramme) struck(how strike) {
	p.t.Helper()
	well := p.team.home.fallsIll(p.t, p.random)
	defer well()
	first := p.random.IntN(len(p.machines))
	second := (first + 1 + p.random.IntN(len(p.machines)-1)) % len(p.machines)
	pause := time.Duration(20+p.random.IntN(1000)) * time.Millisecond
	if how == stopAndGo && p.random.IntN(2) == 0 {
		pause += lease + time.Second
	}
	moment := time.Duration(p.random.IntN(2000)) * time.Millisecond
	nth, lost := p.random.IntN(8), how == kill && p.random.IntN(3) == 0 // nth 0: at that moment
	hit := make(chan bool, 1)
	p.aim.arm(nth, func(target *process, _ string) *apiserver.Fault {
		select {
		case <-target.ended:
			return nil // it is the other one's
		default:
		}
		hit <- true
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
	a := p.machines[first].start(patient...)
	if nth > 0 {
		p.aim.aim(a)
	}
	b := p.machines[second].start(patient...)
	if nth == 0 {
		select {
		case <-a.ended:
		case <-time.After(moment): // the moment is what is drawn by lot
			hit <- true
			a.hit(how, pause)
		}
	}
	ra, rb := a.wait(), b.wait()
	p.aim.arm(0, nil)
	p.note("machine %d, struck at write %d or after %s by %s (%s): exit %d; machine %d: exit %d", first, nth, moment, how, pause, ra.code, second, rb.code)
	if len(hit) > 0 {
		p.landed.count(how)
	}
	p.endsWell(ra, -1, 130)
	p.endsWell(rb)
}

// endsWell fails the test unless a run ended as one may whose store is ill.
func (p *teamProgramme) endsWell(r result, others ...int) {
	p.t.Helper()
	if !slices.Contains(append([]int{0, 1, 3}, others...), r.code) || strings.Contains(r.all(), possibleDouble) {
		p.t.Errorf("gdfctl %v: exit %d\n%s", r.args, r.code, r.end())
	}
}

// goOn runs to an end that is well.
func (p *teamProgramme) goOn() {
	p.t.Helper()
	for range 4 {
		w := p.machines[p.random.IntN(len(p.machines))]
		r := w.run(patient...)
		p.note("at the end: exit %d", r.code)
		p.endsWell(r)
		if r.code == 0 {
			p.wantsNothing()
			return
		}
	}
	p.t.Error("it never came to an end that is well")
}
