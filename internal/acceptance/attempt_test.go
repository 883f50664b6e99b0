package acceptance

import (
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// An attempt that the configuration asks for is one attempt, though no read
// shows it either, and its run was killed.
func TestAnotherAttemptIsMadeOnceHoweverReadsLag(t *testing.T) {
	t.Parallel()
	for _, struck := range []string{undisturbed, killedInTime, killedInVain} {
		for _, saves := range []bool{false, true} {
			t.Run(map[bool]string{false: "apply", true: "saved plan"}[saves]+"/"+struck, func(t *testing.T) {
				t.Parallel()
				attemptedOnce(t, struck, saves)
			})
		}
	}
}

func attemptedOnce(t *testing.T, struck string, saves bool) {
	orders := apiserver.Generate(91, 4, apiserver.New)
	s := &striker{}
	behind := func(string) int { return 3 }
	w := shipAll(t, unlimited, orders, apiserver.Options{Behind: behind, Intercept: s.intercept})
	w.apply()
	w.shippedOnce(orders)

	again := orders[2].SourceNumber
	w.write("main.hcl", unlimited+strings.TrimSuffix(shipBatch, "}\n")+"  attempt = row[\"Order Number\"] == \""+again+"\" ? 2 : 1\n}\n")
	args := []string{"apply", "--auto-approve"}
	if saves {
		w.run("plan", "--out", "day.plan").exits(0)
		args = []string{"apply", "day.plan"}
	}
	if struck != undisturbed {
		s.arm(1, func(p *process, _ string) *apiserver.Fault {
			p.hit(kill, 0)
			<-p.ended
			if struck == killedInVain {
				return &apiserver.Fault{Cut: true}
			}
			w.api.Configure(func(o *apiserver.Options) { o.Behind = nil })
			return nil
		})
		p := w.start(args...)
		s.aim(p)
		p.wait().exits(-1)
	}
	w.run(args...).exits(0)
	w.api.Configure(func(o *apiserver.Options) { o.Behind = behind })
	for range 2 {
		w.nothingToDo()
		w.apply()
		w.run("plan", "--out", "again.plan").exits(0)
		w.run("apply", "again.plan").exits(0)
	}
	executed := w.api.Executed()
	for i, o := range orders {
		want := 1
		if i == 2 {
			want = 2
		}
		if n := len(executed[o.ID]); n != want {
			t.Errorf("order %d was sent %d times, want %d", i, n, want)
		}
	}
	w.auditIsLedger()
}
