package acceptance

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// paced lets a run of sixty orders take about a second, so that there is
// something to be cut off.
const paced = `
account "main" {
  settle = "1s"
  rate_limit {
    burst      = 20
    per_second = 80
  }
}
`

func TestKilledAtAnyMomentItGoesOnAndNothingIsDoneTwice(t *testing.T) {
	t.Parallel()
	rounds := 150
	if text := os.Getenv("GDF_SOAK_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("GDF_SOAK_KILLS: %s", err)
		}
		rounds = n
	} else if testing.Short() {
		rounds = 25
	}
	random := seeded(t)
	for round := range rounds {
		choices := rand.New(rand.NewPCG(random.Uint64(), 3))
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			killRound(t, choices)
		})
	}
}

// killRound kills one to three runs and lets the next one end.
func killRound(t *testing.T, random *rand.Rand) {
	delays := rand.New(rand.NewPCG(random.Uint64(), 4))
	// Below the account's settle, and in half of the rounds long enough for a
	// write to take effect after the next run has read its order.
	slowest := []time.Duration{30 * time.Millisecond, 500 * time.Millisecond}[random.IntN(2)]
	o := apiserver.Options{
		Orders:     apiserver.Generate(random.Uint64(), 60, apiserver.New),
		WriteDelay: lockedDelay(delays, slowest),
	}
	w := newWorld(t, o)
	w.write("main.hcl", paced+shipBatch)
	wanted := map[string]want{}
	var rows [][]string
	for i, x := range o.Orders {
		y := want{status: apiserver.Shipped, tracking: trackingOf(i), carrier: "UPS", writes: []string{apiserver.Ship}}
		if i%4 == 0 {
			y.number, y.writes = fmt.Sprintf("M%06d", i), []string{apiserver.Acknowledge, apiserver.Ship}
		}
		rows = append(rows, shipRow(x, y.number, y.tracking, "UPS", ""))
		wanted[x.ID] = y
	}
	w.table("shipments/day.csv", shipColumns, rows)

	kills := 1 + random.IntN(3)
	var moments []time.Duration
	for range kills {
		p := w.start("apply", "--auto-approve")
		moment := time.Duration(random.IntN(900)) * time.Millisecond
		moments = append(moments, moment)
		select {
		case <-p.ended:
		case <-time.After(moment): // the moment is what is drawn by lot
			_ = p.cmd.Process.Kill() // it may just have ended
		}
		p.wait()
	}
	r := w.run("apply", "--auto-approve")
	if r.code != 0 {
		t.Errorf("after being killed at %v, the next run ends with %d:\n%s", moments, r.code, r.all())
	}
	w.expect(o.Orders, wanted)
	w.executedOnce()
	w.nothingToDo()
	if w.exists("gdfctl.audit.jsonl") {
		w.auditHolds()
	}
	// Every write that the server counts has its line.
	lines := map[string]int{}
	for _, a := range w.audit() {
		if a.Result == "done" {
			lines[a.Order.ID+" "+a.Action]++
		}
	}
	for id, y := range wanted {
		for _, op := range y.writes {
			if n := lines[id+" "+op]; n != 1 {
				t.Errorf("killed at %v: the audit record has %d lines for the %s of %s", moments, n, op, id)
			}
		}
	}
}
