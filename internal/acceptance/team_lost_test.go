package acceptance

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// A machine is killed with calls under way, whose answers are lost with it, and all
// that it had is deleted. Another machine goes on without a person. Reads show what was
// accepted later than a lease and settle take: it is found done, and nothing is repeated
// before read_lag has passed.
func TestAMachineIsLostAndAnotherOneGoesOn(t *testing.T) {
	t.Parallel()
	const lags, readLag = lease + 5*time.Second, 12 * time.Second // counted from the takeover
	inEachHome(t, func(t *testing.T, fresh func() home) {
		for round := range soakOr(t, "GDF_SOAK_ROUNDS", 1) {
			orders := apiserver.Generate(uint64(2100+round), 40, apiserver.New)
			random := seeded(t)
			var mu sync.Mutex // guards what follows
			lost := false
			vain := ""                      // the order of a call that had no effect
			calls := map[string]int{}       // by order
			repeated := map[string]string{} // why they should not have been
			began := time.Now()             // the other machine
			reached := make(chan struct{}, 100)
			nth := 3 + random.IntN(20)
			m := shippingTeam(t, fresh(), orders, readLag, apiserver.Options{
				ReadLag: lags, WriteDelay: func() time.Duration { return 50 * time.Millisecond },
				Intercept: func(c apiserver.Call) *apiserver.Fault {
					if c.Op != apiserver.Ship {
						return nil
					}
					mu.Lock()
					defer mu.Unlock()
					calls[c.OrderID]++
					switch after := time.Since(began); {
					case calls[c.OrderID] > 1 && c.OrderID != vain:
						repeated[c.OrderID] = "it had an effect"
					case calls[c.OrderID] > 1 && after < lease+readLag:
						repeated[c.OrderID] = fmt.Sprintf("after %s", after)
					case !lost && len(calls) > nth:
						reached <- struct{}{}
						if vain == "" {
							vain = c.OrderID
							return &apiserver.Fault{Cut: true, Hang: time.Second}
						}
						return &apiserver.Fault{Execute: true, Hang: time.Second}
					}
					return nil
				},
			})
			gone := m.machine()
			run := gone.start(patient...)
			<-reached
			run.hit(kill, 0)
			mu.Lock()
			lost, began = true, time.Now()
			mu.Unlock()
			run.wait()
			gone.isLost()
			r := m.apply(patiently...).says("waiting for the state", "read_lag")
			t.Logf("killed at write %d; the other one took %s", nth, time.Since(began).Truncate(time.Second))
			if r.elapsed < lease+readLag {
				t.Errorf("it ended after %s, and nothing may be repeated before lease and read_lag, %s", r.elapsed, lease+readLag)
			}
			for id, why := range repeated {
				t.Errorf("order %s: the call was repeated: %s", id, why)
			}
			if calls[vain] != 2 {
				t.Errorf("the call without effect was made %d times", calls[vain])
			}
			m.shippedOnce(orders)
			m.auditShared()
			_, writes := m.api.Sequence()
			for _, w := range writes {
				if after := w.At.Sub(began); after > time.Second && after < lease+2*time.Second { // the calls under way take as long
					t.Errorf("after the loss it sent after %s", after)
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
		m := shippingTeam(t, fresh(), orders, shortLag, apiserver.Options{Intercept: striking.intercept})
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
		select {
		case <-stopped:
		case <-run.ended:
			t.Fatalf("it ended before it was stopped:\n%s", run.wait().end())
		}
		second := m.start(patient...)
		until(t, "the other one sends", func() bool { return m.api.Writes() >= at+parallelism+2 })
		before := m.api.Writes()
		_ = run.cmd.Process.Signal(cont)
		late := run.wait()
		second.finishes()
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
		orders := apiserver.Generate(2300, 60, apiserver.New)
		// Some calls are under way until the lease is broken: however long a slow machine takes for that,
		// the holder has not ended, and writes so little down that others come between.
		var sent atomic.Int64
		broken := make(chan struct{})
		m := shippingTeam(t, fresh(), orders, shortLag, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
			if c.Op == apiserver.Ship && sent.Add(1) > 14 {
				return &apiserver.Fault{Then: true, Wait: broken}
			}
			return nil
		}})
		first := m.machine().start("apply", "--auto-approve")
		until(t, "the first one sends", func() bool { return m.api.Writes() >= 14 })
		waiting := m.machine().start(patient...)
		time.Sleep(300 * time.Millisecond) // so that it waits; it makes no difference to what is tested
		broke := time.Now()                // or a little later
		// Whoever waits can have the lease before the one that broke it records that.
		if u := m.run("state", "unlock", "--reason", "it holds up the release"); u.code != 0 {
			u.exits(5).says("the state is locked by")
		}
		close(broken)
		r := first.wait()
		if r.code == 0 {
			t.Errorf("the one whose lease was broken exits 0\n%s", r.end())
		}
		// A record that was under way can have no answer before its time has passed.
		if !strings.Contains(r.all(), "it is not known whether record") {
			r.says("the lock on the state is lost")
		}
		t.Logf("exit %d after the break\n%s", r.code, r.end())
		ended := time.Now()
		waiting.finishes()
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
