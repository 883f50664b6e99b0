package acceptance

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// atOnce is how many rounds are played side by side: nearly all of a round is
// waiting.
const atOnce = 16

// Runs are struck at any moment, by every kind of signal, one after the other
// in one directory, while writes take effect late and reads lag, the
// configuration is edited, accounts are renamed, clocks jump and older states
// are put back. Whatever happens: nothing is done twice, nothing is lost, and
// the audit log has what the server's ledger has.
func TestKilledAtAnyMomentItGoesOnAndNothingIsDoneTwice(t *testing.T) {
	t.Parallel()
	blows := 150
	if testing.Short() {
		blows = 25
	}
	blows = soakOr(t, "GDF_SOAK_KILLS", blows)
	random := seeded(t)
	var landed landings
	var rounds sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for round := 0; landed.total() < blows && !t.Failed(); round++ {
		choices := rand.New(rand.NewPCG(random.Uint64(), 3))
		places <- struct{}{}
		rounds.Go(func() {
			defer func() { <-places }()
			t.Run(fmt.Sprint(round), func(t *testing.T) { newProgramme(t, choices, &landed).play() })
		})
	}
	rounds.Wait()
	t.Log(landed.String())
}

// landings counts runs by how they were struck.
type landings [allStrikes]atomic.Int64

func (l *landings) count(how strike) {
	for i, s := range strikes {
		if s == how {
			l[i].Add(1)
		}
	}
}

func (l *landings) total() int {
	n := int64(0)
	for i := range l {
		n += l[i].Load()
	}
	return int(n)
}

func (l *landings) String() string {
	text := "runs were struck:"
	for i, s := range strikes {
		text += fmt.Sprintf(" %d by %s,", l[i].Load(), s)
	}
	return text[:len(text)-1]
}

// play strikes runs until the configuration went through all its stages, and
// lets the last ones end.
func (p *programme) play() {
	p.configure(0)
	for range 8 {
		if p.since == 0 {
			if p.stage == stages-1 {
				break
			}
			p.edit()
		}
		p.disturb()
		p.struck(strikes[[]int{0, 0, 0, 1, 2, 3}[p.random.IntN(6)]])
		if p.t.Failed() {
			return
		}
		if p.random.IntN(4) == 0 {
			p.goOn()
		}
	}
	p.goOn()
	time.Sleep(p.lag) // now reads show everything
	d := p.wantsNothing()
	if d.Summary.Pending > 0 {
		p.t.Errorf("%d orders are pending though reads show everything", d.Summary.Pending)
	}
	p.eachOnce(true)
	p.auditIsLedger()
	p.auditHolds()
}
