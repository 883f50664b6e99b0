package acceptance

import (
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// outage makes an API fail, reads too, from its fifth shipment on for so long.
func outage(length time.Duration) func(apiserver.Call) *apiserver.Fault {
	var mu sync.Mutex
	var since time.Time
	return func(c apiserver.Call) *apiserver.Fault {
		mu.Lock()
		defer mu.Unlock()
		if since.IsZero() && c.Op == apiserver.Ship && c.N == 5 {
			since = time.Now()
		}
		if !since.IsZero() && time.Since(since) < length {
			return &apiserver.Fault{Status: 503}
		}
		return nil
	}
}

func TestAnOutageIsWaitedForAndNothingIsDoneTwice(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a minute: the first pause")
	}
	orders := apiserver.Generate(95, 40, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: outage(20 * time.Second)})
	r := w.apply().says("pausing for")
	if r.elapsed < time.Minute {
		t.Errorf("it took %s, and the first pause is a minute", r.elapsed)
	}
	w.shippedOnce(orders)
	w.auditHolds()
}

func TestCtrlCEndsAPauseToo(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(96, 40, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: outage(4 * time.Second)})
	p := w.start("apply", "--auto-approve")

	until(t, "it pauses", func() bool { return strings.Contains(p.stdout.String(), "pausing for") })
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	p.wait().exits(130).says("gdfctl apply")
	if took := time.Since(stopped); took > 15*time.Second {
		t.Errorf("stopping took %s", took)
	}
	until(t, "the outage is over", func() bool { return w.run("plan").code == 0 })
	w.apply()
	w.shippedOnce(orders)
	w.auditHolds()
}

func TestPlanOutlastsAMaintenancePageAndSaysSo(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(101, 5, apiserver.New)
	began := time.Now()
	w := shipAll(t, unlimited, orders, apiserver.Options{Intercept: func(apiserver.Call) *apiserver.Fault {
		if time.Since(began) < 5*time.Second {
			return &apiserver.Fault{Status: 503, ContentType: "text/html", Body: "<html>maintenance"}
		}
		return nil
	}})
	w.run("plan").exits(0).says("account main: the API is down (HTTP 503 Service Unavailable): trying again for up to")
	w.apply()
	w.shippedOnce(orders)
}
