package acceptance

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// A head is written down as proof of what the log holds. So none is printed of a
// log that was cut while the run went on.
func TestNoHeadIsPrintedOfAnAuditLogThatWasCutMeanwhile(t *testing.T) {
	t.Parallel()
	var cut func()
	var ships atomic.Int32
	w := shipAll(t, unlimited, apiserver.Generate(49, 8, apiserver.New), apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && ships.Add(1) == 6 {
			cut()
		}
		return nil
	}})
	cut = func() { w.write("gdfctl.audit.jsonl", "") }
	w.apply("--first", "3").says("Audit: ")
	r := w.run("apply", "--auto-approve", "--parallelism", "1").exits(1).says("was changed by something other than this run")
	if strings.Contains(r.all(), "Audit: ") {
		t.Errorf("the log does not have the head that was printed:\n%s", r.all())
	}
}
