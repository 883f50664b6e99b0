package acceptance

import (
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// outage makes an API fail, reads too, from its fifth shipment on, until it is over.
func outage() (intercept func(apiserver.Call) *apiserver.Fault, over func()) {
	var began, ended atomic.Bool
	return func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && c.N == 5 {
			began.Store(true)
		}
		if began.Load() && !ended.Load() {
			return &apiserver.Fault{Status: 503}
		}
		return nil
	}, func() { ended.Store(true) }
}

func TestAnOutageIsWaitedForAndNothingIsDoneTwice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a minute: the first pause")
	}
	orders := apiserver.Generate(95, 40, apiserver.New)
	fails, over := outage()
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: fails})
	p := w.start("apply", "--auto-approve")
	until(t, "it pauses", func() bool { return strings.Contains(p.stdout.String(), "pausing for") })
	over()
	r := p.wait().exits(0)
	if r.elapsed < time.Minute {
		t.Errorf("it took %s, and the first pause is a minute", r.elapsed)
	}
	w.shippedOnce(orders)
	w.auditHolds()
}

func TestCtrlCEndsAPauseToo(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(96, 40, apiserver.New)
	fails, over := outage()
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: fails})
	p := w.start("apply", "--auto-approve")

	until(t, "it pauses", func() bool { return strings.Contains(p.stdout.String(), "pausing for") })
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	p.wait().exits(130).says("gdfctl apply")
	tookAtMost(t, "stopping", stopped, time.Now(), 15*time.Second)
	over()
	w.apply()
	w.shippedOnce(orders)
	w.auditHolds()
}

func TestPlanOutlastsAMaintenancePageAndSaysSo(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(101, 5, apiserver.New)
	began := sync.OnceValue(time.Now) // the first call
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(apiserver.Call) *apiserver.Fault {
		if time.Since(began()) < 5*time.Second {
			return &apiserver.Fault{Status: 503, ContentType: "text/html", Body: "<html>maintenance"}
		}
		return nil
	}})
	w.run("plan").exits(0).says("account main: the API is down (HTTP 503 Service Unavailable): trying again for up to")
	w.apply()
	w.shippedOnce(orders)
}
