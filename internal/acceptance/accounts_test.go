package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

func TestFiftyAccountsTakeAsLongAsTheSlowestAlone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes 10 seconds")
	}
	const accounts, burst, perSecond = 50, 10, 5
	w := newWorld(t, apiserver.Options{})
	var config strings.Builder
	var servers []*apiserver.Server
	for i := range accounts {
		orders := apiserver.Generate(uint64(100+i), 6+i, apiserver.New)
		// A busy machine lets calls arrive in heaps: those of three seconds are let through. Twice the rate,
		// or none, would overflow that too.
		server := apiserver.Start(apiserver.Options{
			ConsumerKey: consumerKey, TokenPrefix: tokenPrefix, Orders: orders, Burst: burst + 3*perSecond, PerSecond: perSecond,
		})
		t.Cleanup(server.Close)
		servers = append(servers, server)
		name := fmt.Sprintf("shop-%d", i)
		var rows [][]string
		for k, o := range orders {
			rows = append(rows, shipRow(o, "", trackingOf(100*i+k), "UPS", ""))
		}
		w.table(name+"/day.csv", shipColumns, rows)
		fmt.Fprintf(&config, "account %q {\n  endpoint = %q\n  rate_limit {\n    burst            = %d\n    limit_per_second = %d\n  }\n}\n", name, server.URL, burst, perSecond)
		batch := strings.ReplaceAll(shipBatch, `"shipments`, `"`+name)
		config.WriteString(strings.Replace(batch, "{\n", fmt.Sprintf("{\n  account = %q\n", name), 1))
	}
	w.write("main.hcl", config.String())
	r := w.apply()

	slowest := time.Duration(0)
	for i, server := range servers {
		if n := server.Throttled(); n > 0 {
			t.Errorf("account %d: %d calls overflowed the bucket", i, n)
		}
		if executed := server.Executed(); len(executed) != 6+i || server.Writes() != 6+i {
			t.Errorf("account %d: %d writes to %d orders, want %d", i, server.Writes(), len(executed), 6+i)
		}
		if complaints := server.Complaints(); len(complaints) > 0 {
			t.Errorf("account %d: %s", i, complaints[0])
		}
		slowest = max(slowest, time.Duration(server.Total()-burst)*time.Second/perSecond)
	}
	// Two places stay free, and programs have to start, on a machine that may
	// be busy.
	r.within(slowest + 8*time.Second)
	if lines := strings.Count(r.stdout, "\n"); lines > 1000 {
		t.Errorf("%d lines were printed for %d accounts", lines, accounts)
	}
	w.auditHolds()
}
