package acceptance

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// A machine is killed with calls under way, whose answers are lost with it, and all
// that it had is deleted. Another machine goes on without a person. Reads lag: what
// was accepted is found done, and nothing is repeated before read_lag has passed.
func TestAMachineIsLostAndAnotherOneGoesOn(t *testing.T) {
	t.Parallel()
	inEachHome(t, func(t *testing.T, fresh func() home) {
		for round := range soakOr(t, "GDF_SOAK_ROUNDS", 1) {
			orders := apiserver.Generate(uint64(2100+round), 40, apiserver.New)
			random := seeded(t)
			var lost atomic.Bool
			reached := make(chan struct{}, 100)
			var mu sync.Mutex
			vain := map[string]bool{} // calls that had no effect
			nth := int64(3 + random.IntN(20))
			var n atomic.Int64
			m := shippingTeam(t, fresh(), orders, apiserver.Options{
				ReadLag: 2 * time.Second, WriteDelay: func() time.Duration { return 50 * time.Millisecond },
				Intercept: func(c apiserver.Call) *apiserver.Fault {
					if c.Op != apiserver.Ship || lost.Load() || n.Add(1) < nth {
						return nil
					}
					mu.Lock()
					defer mu.Unlock()
					reached <- struct{}{}
					if len(vain) == 0 {
						vain[c.OrderID] = true
						return &apiserver.Fault{Cut: true, Hang: time.Second}
					}
					return &apiserver.Fault{Execute: true, Hang: time.Second}
				},
			})
			gone := m.machine()
			run := gone.start(patient...)
			<-reached
			run.hit(kill, 0)
			lost.Store(true)
			run.wait()
			gone.isLost()
			began := time.Now()
			r := m.run(patient...).exits(0).says("waiting for the state")
			t.Logf("killed at write %d; the other one took %s", nth, time.Since(began).Truncate(time.Second))
			if r.elapsed < lease+2*time.Second {
				t.Errorf("it ended after %s, and nothing may be sent before lease and settle, %s", r.elapsed, lease+2*time.Second)
			}
			m.shippedOnce(orders)
			m.auditShared()
			_, writes := m.api.Sequence()
			for i := 1; i < len(writes); i++ {
				if gap := writes[i].At.Sub(writes[i-1].At); gap > 4*time.Second && gap < lease+2*time.Second {
					t.Errorf("after the loss it sent after %s", gap)
				}
			}
		}
	})
}

// The holder of the lease is stopped for longer than the lease, another machine takes
// over, and then it goes on: at most what had passed the last check is sent by it.
func TestAHolderIsStoppedForLongerThanTheLease(t *testing.T) {
	t.Parallel()
	inEachHome(t, func(t *testing.T, fresh func() home) {
		const parallelism = 4
		orders := apiserver.Generate(2200, 60, apiserver.New)
		random := seeded(t)
		var striking striker
		m := shippingTeam(t, fresh(), orders, apiserver.Options{Intercept: striking.intercept})
		stopped := make(chan *process, 1)
		at := 2 + random.IntN(25)
		striking.arm(at, func(target *process, _ string) *apiserver.Fault {
			_ = target.cmd.Process.Signal(stop)
			stopped <- target
			return nil
		})
		first := m.machine()
		run := first.start("apply", "--auto-approve", "--parallelism", "4")
		striking.aim(run)
		<-stopped
		second := m.start(patient...)
		until(t, "the other one sends", func() bool { return m.api.Writes() >= at+parallelism+2 })
		before := m.api.Writes()
		_ = run.cmd.Process.Signal(cont)
		late := run.wait()
		second.wait().exits(0)
		t.Logf("stopped at write %d, with %d of %d sent; then %d\n%s", at, before, len(orders), late.code, late.end())
		if late.code == 0 {
			t.Errorf("the one that lost the lease exits 0")
		}
		// If a record was under way, its time passed meanwhile: then it doesn't even
		// learn who came first.
		if !strings.Contains(late.all(), "it is not known whether record") {
			late.says("the lock on the state is lost")
		}
		if more := m.api.Writes() - len(orders); more > parallelism {
			t.Errorf("%d more calls were sent than there are orders: the stopped one can send %d", more, parallelism)
		}
		m.shippedOnce(orders)
		m.auditShared()
	})
}

// A person takes the lease away from a holder that sends, while another run waits.
func TestUnlockWhileTheHolderSends(t *testing.T) {
	t.Parallel()
	inEachHome(t, func(t *testing.T, fresh func() home) {
		orders := apiserver.Generate(2300, 240, apiserver.New) // 20 s: it still sends when a slow machine comes to unlock
		m := shippingTeam(t, fresh(), orders, apiserver.Options{})
		first := m.machine().start("apply", "--auto-approve")
		until(t, "the first one sends", func() bool { return m.api.Writes() >= 14 })
		waiting := m.machine().start(patient...)
		time.Sleep(300 * time.Millisecond) // so that it waits; it makes no difference to what is tested
		broke := time.Now()                // or a little later
		// Whoever waits can have the lease before the one that broke it records that.
		if u := m.run("state", "unlock", "--reason", "it holds up the release"); u.code != 0 {
			u.exits(5).says("the state is locked by")
		}
		r := first.wait().says("the lock on the state is lost")
		if r.code == 0 {
			t.Errorf("the one whose lease was broken exits 0\n%s", r.end())
		}
		t.Logf("exit %d after the break\n%s", r.code, r.end())
		ended := time.Now()
		waiting.wait().exits(0)
		m.shippedOnce(orders)
		m.auditShared()
		_, writes := m.api.Sequence()
		for i := range writes {
			if at := writes[i].At; at.After(ended) && at.Sub(broke) < lease+2*time.Second {
				t.Errorf("a write came %s after the break, and must not before %s", at.Sub(broke), lease+2*time.Second)
				break
			}
		}
	})
}
