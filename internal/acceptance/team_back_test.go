package acceptance

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// kept are calls of a machine that was lost: the API accepted them, their outcomes are
// in files of that machine alone, and no read shows their effect.
type kept struct {
	*team
	gone   *world // the machine
	orders []apiserver.Order

	calls int // so many

	mu      sync.Mutex
	ids     []string      // of their orders
	reached chan struct{} // closed when all of them, or all repeats, have come
	answer  chan struct{} // closed when they are to be answered
	repeats []time.Time   // when calls for the orders came again
	held    int           // repeats that are not answered yet
	holds   bool          // repeats are held up
}

// keep has a machine ship orders, cuts it off from the store at its nth call, answers
// all calls of that moment, and kills it.
func keep(t *testing.T, h home, readLag time.Duration) *kept {
	t.Helper()
	const nth = 7
	k := &kept{orders: apiserver.Generate(2400, 24, apiserver.New), calls: 4, reached: make(chan struct{}), answer: make(chan struct{})}
	seen := 0
	k.team = shippingTeam(t, h, k.orders, readLag, apiserver.Options{
		Behind: func(id string) int {
			k.mu.Lock()
			defer k.mu.Unlock()
			if slices.Contains(k.ids, id) {
				return 1
			}
			return 0
		},
		Intercept: func(c apiserver.Call) *apiserver.Fault {
			if c.Op != apiserver.Ship {
				return nil
			}
			k.mu.Lock()
			defer k.mu.Unlock()
			if slices.Contains(k.ids, c.OrderID) {
				return k.repeatedLocked()
			}
			if seen++; seen < nth || len(k.ids) == k.calls {
				return nil
			}
			if k.ids = append(k.ids, c.OrderID); len(k.ids) == k.calls {
				close(k.reached)
			}
			return &apiserver.Fault{Then: true, Wait: k.answer}
		},
	})
	k.gone = k.machine()
	run := k.gone.start("apply", "--auto-approve", "--parallelism", "4")
	<-k.reached
	back := h.goesAway(t)
	close(k.answer)
	until(t, "the machine keeps the outcomes", func() bool { return k.outcomesKept() >= k.calls })
	run.hit(kill, 0)
	run.wait()
	back()
	return k
}

func (k *kept) repeatedLocked() *apiserver.Fault {
	k.repeats = append(k.repeats, time.Now())
	if !k.holds {
		return nil
	}
	if k.held++; k.held == k.calls {
		close(k.reached)
	}
	return &apiserver.Fault{Then: true, Wait: k.answer}
}

// holdRepeats has repeats wait for release, and returns what is closed when all of them
// have come.
func (k *kept) holdRepeats() (all <-chan struct{}, release func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.holds, k.reached, k.answer = true, make(chan struct{}), make(chan struct{})
	return k.reached, func() { close(k.answer) }
}

// outcomesKept is how many of the calls have their outcomes in files of the machine.
func (k *kept) outcomesKept() (n int) {
	files, _ := filepath.Glob(filepath.Join(k.gone.dir, ".gdfctl", "state-*", "unsaved-*"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		orders := map[int]string{}
		for line := range bytes.Lines(text) {
			var l struct {
				Intent *struct {
					Seq int    `json:"seq"`
					ID  string `json:"id"`
				} `json:"intent"`
				Outcome *struct {
					Seq int `json:"seq"`
				} `json:"outcome"`
			}
			_ = json.Unmarshal(line, &l) // the last one may still be written
			switch {
			case l.Intent != nil:
				orders[l.Intent.Seq] = l.Intent.ID
			case l.Outcome != nil && slices.Contains(k.ids, orders[l.Outcome.Seq]):
				n++
			}
		}
	}
	return n
}

// goesOn starts another machine, which takes over.
func (k *kept) goesOn() (r *process, began time.Time) {
	began = time.Now()
	return k.start(patient...), began
}

// comesBack runs a command where the files are. It records the outcomes, whoever has
// the lease.
func (k *kept) comesBack(code int) result {
	k.t.Helper()
	return k.gone.run("apply", "--auto-approve").exits(code)
}

// executed fails the test unless each of the calls took effect so many times, and those
// of other orders once; and unless all of that is on record.
func (k *kept) executed(times int) {
	k.t.Helper()
	wanted := map[string]want{}
	for i, o := range k.orders {
		w := want{status: apiserver.Shipped, number: o.Number, tracking: trackingOf(i), carrier: "UPS", writes: []string{apiserver.Ship}}
		if slices.Contains(k.ids, o.ID) {
			w.writes = slices.Repeat(w.writes, times)
		}
		wanted[o.ID] = w
	}
	k.expect(k.orders, wanted)
	k.auditShared()
}

const possibleDouble = "may have been changed twice"

// returns are the moments at which a machine that was lost comes back, by what its
// files say of calls that another one takes for calls without effect.
var returns = []struct {
	when    string
	readLag time.Duration
	play    func(k *kept)
}{
	{"before the repeat", 30 * time.Second, func(k *kept) {
		other, _ := k.goesOn()
		until(k.t, "the other one waits for reads to show the calls", func() bool { return strings.Contains(other.stdout.String(), "read_lag") })
		k.comesBack(5)
		other.finishes()
		if n := len(k.repeats); n > 0 {
			k.t.Errorf("%d calls were repeated, and their outcomes were known", n)
		}
		k.comesBack(0)
		k.executed(1)
	}},
	{"during the repeat", 3 * time.Second, func(k *kept) {
		all, release := k.holdRepeats()
		other, began := k.goesOn()
		<-all
		held := time.Now()
		k.comesBack(5)
		release()
		ended := other.wait()
		if took := time.Since(held); took > callTime*3/4 {
			k.t.Skipf("this machine is too busy: the outcomes came after %s, and calls end after %s, so that it was another course than this test is about", took, callTime)
		}
		ended.exits(3).says(possibleDouble)
		k.notBefore(began)
		k.comesBack(0)
		k.executed(2)
	}},
	{"after the repeat", 3 * time.Second, func(k *kept) {
		other, began := k.goesOn()
		if r := other.wait().exits(0); strings.Contains(r.all(), possibleDouble) {
			k.t.Error("it says something that it can't know")
		}
		k.notBefore(began)
		k.comesBack(3).says(possibleDouble)
		k.comesBack(0) // it is told once
		k.executed(2)
	}},
}

// notBefore fails the test if a call was repeated while reads need not show it yet.
func (k *kept) notBefore(began time.Time) {
	k.t.Helper()
	if len(k.repeats) != k.calls {
		k.t.Errorf("%d calls were repeated, want %d", len(k.repeats), k.calls)
	}
	for _, at := range k.repeats {
		if after := at.Sub(began); after < lease+3*time.Second {
			k.t.Errorf("a call was repeated after %s, and may be after lease and read_lag, %s", after, lease+3*time.Second)
		}
	}
}

// A machine that was lost comes back with the outcomes that it kept. They are recorded
// once. If another one has repeated the calls meanwhile, because no read showed that they
// had an effect, people are told.
func TestALostMachineComesBackWithWhatItKept(t *testing.T) {
	t.Parallel()
	i := 0
	for _, name := range slices.Sorted(maps.Keys(homes)) {
		played := returns
		if os.Getenv("GDF_SOAK_ROUNDS") == "" { // each kind of place has one of them, and a fast one the middle one
			played = returns[(i+2)%len(returns) : (i+2)%len(returns)+1]
		}
		i++
		for _, r := range played {
			t.Run(name+" "+r.when, func(t *testing.T) {
				t.Parallel()
				takesTurns(t, name)
				r.play(keep(t, homes[name](t), r.readLag))
			})
		}
	}
}
