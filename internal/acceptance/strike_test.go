package acceptance

import (
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// striker strikes a run of the program when the server receives a certain call
// that asks to change an order: at the moment when the outcome of a call is
// known to nobody but the server.
type striker struct {
	mu     sync.Mutex
	left   int // writes to come, the one that is struck at included; 0: none
	strike func(target *process, orderID string) *apiserver.Fault
	target chan *process // the run, once it has started
}

// arm strikes the next run that is aimed at, at its nth write. What it returns
// becomes of the call.
func (s *striker) arm(n int, strike func(target *process, orderID string) *apiserver.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.strike, s.target = n, strike, make(chan *process, 1)
}

// aim names the run.
func (s *striker) aim(p *process) { s.target <- p }

// intercept is the server's.
func (s *striker) intercept(c apiserver.Call) *apiserver.Fault {
	if !asksForAChange(c) {
		return nil
	}
	s.mu.Lock()
	if s.left == 0 {
		s.mu.Unlock()
		return nil
	}
	s.left--
	due, strike, target := s.left == 0, s.strike, s.target
	s.mu.Unlock()
	if !due {
		return nil
	}
	return strike(<-target, c.OrderID)
}

// amid strikes, and in one round of three answers one write of twelve as
// networks and servers do now and then. Reads that fail too often end a run,
// and say nothing about what is sent. A server that refuses three attempts of
// one order ends with exit 3, as it should: so it does that once to each order.
func (s *striker) amid(random *rand.Rand) func(apiserver.Call) *apiserver.Fault {
	ill := random.IntN(3) == 0
	lots := lockedDelay(rand.New(rand.NewPCG(random.Uint64(), 5)), 36)
	var failed sync.Map // ids of orders that got the 500
	return func(c apiserver.Call) *apiserver.Fault {
		if fault := s.intercept(c); fault != nil || !ill || !asksForAChange(c) {
			return fault
		}
		switch lots() {
		case 0:
			return &apiserver.Fault{Execute: true, Cut: true}
		case 1:
			if _, before := failed.LoadOrStore(c.OrderID, true); !before {
				return &apiserver.Fault{Status: 500}
			}
		case 2:
			return &apiserver.Fault{Status: 429}
		}
		return nil
	}
}

func asksForAChange(c apiserver.Call) bool {
	return c.Op == apiserver.Ship || c.Op == apiserver.Cancel || c.Op == apiserver.Acknowledge || c.Op == apiserver.Insert
}

// strike ends the process, or holds it up, in one of these ways.
type strike string

const (
	kill       strike = "KILL"
	term       strike = "TERM"
	termTwice  strike = "TERM twice"
	stopAndGo  strike = "STOP, then CONT"
	notAtAll   strike = "nothing"
	allStrikes        = 4
)

var strikes = [allStrikes]strike{kill, term, termTwice, stopAndGo}

// hit does that to a process; pause is how long it is stopped, or lies between
// two signals. A process that has ended meanwhile is left alone.
func (p *process) hit(how strike, pause time.Duration) {
	signal := func(s syscall.Signal) {
		_ = p.cmd.Process.Signal(s) // it may just have ended
	}
	switch how {
	case kill:
		signal(syscall.SIGKILL)
	case term:
		signal(syscall.SIGTERM)
	case termTwice:
		signal(syscall.SIGTERM)
		time.Sleep(pause) // two signals of one kind that are pending at once are one
		signal(syscall.SIGTERM)
	case stopAndGo:
		signal(stop)
		time.Sleep(pause)
		signal(cont)
	}
}

// endsAfter fails the test unless a run that was struck like that ends as the
// documents say.
func (r result) endsAfter(how strike) {
	r.t.Helper()
	allowed := map[strike][]int{kill: {-1, 0}, term: {130, 0}, termTwice: {130, 0}, stopAndGo: {0}, notAtAll: {0}}[how]
	if slices.Contains(allowed, r.code) {
		return
	}
	if r.code == -1 && r.all() == "" && how != stopAndGo && how != notAtAll {
		return // it was struck before it began to listen to signals
	}
	r.t.Errorf("gdfctl %v, struck by %s: exit %d, want one of %v\n%s", r.args, how, r.code, allowed, r.end())
}

// end is the end of what was printed.
func (r result) end() string {
	text := r.all()
	return text[max(0, len(text)-1500):]
}
