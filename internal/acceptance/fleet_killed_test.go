//go:build !race

package acceptance

import (
	"strings"
	"testing"
	"time"
)

// Of two machines, the one that sends dies in the middle of a slice. The other one takes the run up in time, the
// next due times are not blocked, and no order is acknowledged twice.
func TestAMachineDiesAndAnotherOneTakesItsRunUp(t *testing.T) {
	t.Parallel()
	f := newFleet(t, fleetSize{workspaces: 1, accounts: 1, agents: 2, by: hastenedBy, least: 10 * time.Second, most: 10 * time.Second})
	shop := f.sellers[0]
	shop.sells(150)
	f.begin()
	until(t, "some orders are acknowledged", func() bool { return shop.taken() > 60 })
	dies, lives := f.agents[0], f.agents[1]
	if strings.Contains(lives.process.stderr.String(), "msg=begun") {
		dies, lives = lives, dies
	}
	if err := dies.process.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	f.befell("the machine that sends dies")
	dies.process.wait()
	if shop.taken() == shop.sold() {
		t.Fatal("the machine died when all was done")
	}
	closed := shop.sellsEach(time.Second)
	time.Sleep(f.size.scaled(promisedAfterDeath))
	closed()
	until(t, "all orders are acknowledged", func() bool { return shop.taken() == shop.sold() })
	time.Sleep(f.size.most)
	f.stop(lives)
	f.judge()
}
