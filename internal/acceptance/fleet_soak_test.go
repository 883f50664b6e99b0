//go:build !race

package acceptance

import (
	"math/rand/v2"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Agents that share a database are killed at random, and the database is too, while
// orders come in: every order is acknowledged once, in time, no call is refused for the limit, and the audit
// logs are whole. GDF_SOAK_WORKSPACES=200 plays it in the size of a logistics firm.
func TestAgentsOfManyWorkspacesAreKilledAtRandom(t *testing.T) {
	t.Parallel()
	size := fleetSize{workspaces: soakOr(t, "GDF_SOAK_WORKSPACES", fleetOfCheck), accounts: 4, agents: 3, by: hastenedBy, least: 10 * time.Second, most: 14 * time.Second}
	peace, war, pause := 6*time.Second, 14*time.Second, 600*time.Millisecond
	if wholeSoak(t) {
		size.accounts, size.agents, size.by, size.least, size.most = size.workspaces/4, 4, 5, 2*time.Minute, 4*time.Minute
		peace, war, pause = 3*time.Minute, 5*time.Minute, 2*size.most/time.Duration(size.workspaces)
	}
	random := seeded(t)
	f := newFleet(t, size)
	f.begin()
	closed := f.sell(rand.New(rand.NewPCG(random.Uint64(), 8)), pause)
	time.Sleep(peace)
	f.ravage(random, war)
	for _, s := range f.sellers {
		s.sells(1)
	}
	closed()
	over := time.Now()
	for end := over.Add(size.most + size.scaled(promisedInPeace+promisedAfterDeath)); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if f.taken() == f.sold() && f.runTable().open(over) == 0 {
			break
		}
	}
	f.stop(f.agents...)
	f.judge()
	f.judgeBlows()
}

// sell lets orders come in to all sellers: one after each pause of up to so long, and now and then
// many at once to the sellers of an account.
func (f *fleet) sell(random *rand.Rand, pause time.Duration) (closed func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if random.IntN(20) == 0 {
				account := random.IntN(f.size.accounts)
				for i := account; i < len(f.sellers); i += f.size.accounts {
					f.sellers[i].sells(5 + random.IntN(10))
				}
			}
			f.sellers[random.IntN(len(f.sellers))].sells(1)
			select {
			case <-quit:
				return
			case <-time.After(time.Duration(random.Int64N(int64(pause)))):
			}
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}

// leastHits is how many runs at least are under way on agents that are killed.
const leastHits = 2

// ravage kills agents at random for a while, and the database twice. Those that were killed come back
// after a while.
func (f *fleet) ravage(random *rand.Rand, lasts time.Duration) {
	began := time.Now()
	crashes := []time.Duration{lasts / 3, 2 * lasts / 3}
	for time.Since(began) < lasts || len(crashes) > 0 || f.killedRuns() < leastHits && time.Since(began) < 2*lasts {
		time.Sleep(time.Duration(random.Int64N(int64(lasts / 16))))
		if len(crashes) > 0 && time.Since(began) > crashes[0] {
			crashes = crashes[1:]
			f.aim(random)
			b := f.befell("the database is killed")
			for _, a := range f.agents {
				b.hit = append(b.hit, a.underWay()...)
			}
			f.db.Crash(f.t)
			f.isOver(b)
			continue
		}
		a, how := f.agents[random.IntN(len(f.agents))], syscall.SIGKILL
		if random.IntN(4) == 0 {
			how = syscall.SIGTERM
		}
		if random.IntN(4) > 0 {
			a = f.aim(random)
		}
		b := f.befell("%s gets %s", filepath.Base(a.root), how)
		b.kills, b.hit = how == syscall.SIGKILL, a.underWay()
		if err := a.process.cmd.Process.Signal(how); err != nil {
			f.t.Fatal(err)
		}
		r, left := a.process.wait(), a.underWay()
		if b.kills {
			f.isOver(b)
			b.hit = left
		} else if r.code != 0 || len(left) > 0 {
			f.t.Errorf("an agent that was to stop ended with exit %d in the middle of %d runs\n%s", r.code, len(left), r.end())
		}
		time.Sleep(time.Duration(random.Int64N(int64(f.size.most / 4))))
		a.begins()
		a.began()
	}
}
