package acceptance

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// PostgreSQL fails over to a standby that lacks the last records, while one machine
// sends and another one waits. Both stop and say what happened. A machine that knows
// nothing of it goes on, and everything is done once.
func TestTheStoreFailsOverWithoutTheLastRecords(t *testing.T) {
	t.Parallel()
	random := seeded(t)
	for range soakOr(t, "GDF_SOAK_ROUNDS", 1) {
		pair := stores.PostgresPair(t)
		db := pair.Database(t)
		orders := apiserver.Generate(2600, 60, apiserver.New)
		nth, missing := int64(3+random.IntN(20)), 1+random.IntN(3)
		var sent atomic.Int64
		var held atomic.Bool
		reached, goes, promoted := make(chan struct{}), make(chan struct{}), make(chan struct{})
		m := shippingTeam(t, homeInPostgres(t, db, pair.Proxy), orders, shortLag, apiserver.Options{
			Intercept: func(c apiserver.Call) *apiserver.Fault {
				switch {
				case c.Op != apiserver.Ship:
				case sent.Add(1) == nth:
					close(reached)
					return &apiserver.Fault{Then: true, Wait: goes}
				case held.Load(): // so that no more is recorded
					return &apiserver.Fault{Then: true, Wait: promoted}
				}
				return nil
			},
		})
		last := func(s *stores.PostgresServer) int {
			n, err := strconv.Atoi((&stores.Database{PostgresServer: s, Name: db.Name}).Query(t, "SELECT max(n) FROM gdfctl.record")[0])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		holds, waits := m.machine(), m.machine()
		holder := holds.start("apply", "--auto-approve", "--parallelism", "4")
		<-reached
		began := time.Now()
		waiter := waits.start(patient...)
		until(t, "the other one waits", func() bool { return strings.Contains(waiter.stderr.String(), "waiting for the state") })
		pair.Disconnect(t)
		known := last(pair.PostgresServer)
		close(goes)
		if took := time.Since(began); took > callTime*3/4 {
			t.Skipf("this machine is too busy: the standby was disconnected after %s, and calls end after %s, so that it was another course than this test is about", took, callTime)
		}
		until(t, "records are lost", func() bool { return last(pair.PostgresServer) >= known+missing })
		held.Store(true)
		pair.Promote(t)
		close(promoted)
		lost := last(pair.PostgresServer) - last(pair.Standby)
		stopped, gaveUp := holder.wait(), waiter.wait()
		t.Logf("at write %d, %d records lost; exit %d\n%s\nexit %d\n%s", nth, lost, stopped.code, stopped.end(), gaveUp.code, gaveUp.end())
		if lost < missing {
			t.Errorf("%d records are lost, want %d", lost, missing)
		}
		if stopped.exits(1); !strings.Contains(stopped.all(), "is not what it was") { // where it reads the log before it writes to it
			stopped.says("failed over")
		}
		knowMore := []*world{holds}
		if gaveUp.code != 0 { // where the one that waits came to read none of the lost records, it goes on as a third machine does
			gaveUp.exits(1).says("is not what it was", "gdfctl state recover")
			knowMore = append(knowMore, waits)
		}

		m.machine().apply(patiently...)
		m.shippedOnce(orders)
		for _, w := range knowMore {
			w.run("plan").exits(1).says("gdfctl state recover")
			w.run("state", "recover", "--reason", "the database failed over", "--auto-approve", "--lock-timeout", "200s").exits(0)
		}
		holds.apply(patiently...)
		m.shippedOnce(orders)
		m.run("audit", "verify").exits(0)
	}
}
