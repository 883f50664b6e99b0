package acceptance

import (
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// troubled is a world in which one order is refused, one held back, and one
// shipped.
func troubled(t *testing.T) (*world, []apiserver.Order) {
	orders := apiserver.Generate(31, 3, apiserver.New, apiserver.Canceled, apiserver.New)
	refused := orders[0].ID
	w := shipAll(t, unlimited+notifyOps, orders, apiserver.Options{Intercept: func(c apiserver.Call) *apiserver.Fault {
		if c.Op == apiserver.Ship && c.OrderID == refused {
			return &apiserver.Fault{Body: `{"Success": false, "Message": "Order can not be shipped"}`}
		}
		return nil
	}})
	return w, orders
}

func TestApplyTellsOfOrdersInTroubleOnce(t *testing.T) {
	t.Parallel()
	w, orders := troubled(t)
	hook := w.told()
	hook.fail(2, 503)
	w.run("apply", "--auto-approve").exits(3)
	messages, attempts := hook.news()
	if len(messages) != 1 || attempts != 3 {
		t.Fatalf("%d messages in %d attempts, want one in three", len(messages), attempts)
	}
	m := messages[0]
	if len(m.Events) != 2 || m.Counts["refused"] != 1 || m.Counts["held"] != 1 || m.Omitted != 0 {
		t.Fatalf("%+v", m)
	}
	for i, want := range []struct{ kind, number string }{{"held", orders[1].SourceNumber}, {"refused", orders[0].SourceNumber}} {
		if e := m.Events[i]; e.Type != want.kind || e.Order == nil || e.Order.Number != want.number || e.RunID == "" || e.Message == "" {
			t.Errorf("%+v, want %+v", e, want)
		}
	}
	if at, err := time.Parse(time.RFC3339, m.Events[0].At); err != nil || time.Since(at) > time.Minute {
		t.Errorf("at %s: %v", m.Events[0].At, err)
	}
	w.run("apply", "--auto-approve").exits(3)
	hook.quiet()
	w.private("gdfctl.feeds.json")
}

func TestAWebhookThatFailsChangesNothingAndIsTriedNextTime(t *testing.T) {
	t.Parallel()
	w, _ := troubled(t)
	hook := w.told()
	for _, status := range []int{404, 307} {
		hook.fail(1000, status)
		w.run("apply", "--auto-approve").exits(3).says(`notify "ops" (127.0.0.1:`, "the message could not be sent: it answered")
		if taken, attempts := hook.news(); attempts != 1 || len(taken) > 0 {
			t.Errorf("after %d: %d attempts, %+v", status, attempts, taken)
		}
	}
	hook.fail(0, 0)
	w.run("apply", "--auto-approve").exits(3)
	hook.one(2)
}

// While one apply tells, all is saved and the next one can ship.
func TestASlowWebhookHoldsUpNobody(t *testing.T) {
	t.Parallel()
	w, _ := troubled(t)
	hook := w.told()
	release := hook.hold()
	defer release()
	first := w.start("apply", "--auto-approve")
	until(t, "the first apply tells", hook.tried)
	if !strings.Contains(first.stdout.String(), "Apply incomplete: 1 applied") {
		t.Errorf("it tells before it is done:\n%s", first.stdout.String())
	}
	w.run("apply", "--auto-approve").exits(3)
	release()
	first.wait().exits(3)
	hook.one(2)
}

func TestAWebhookAtAHostThatIsNotAllowedGetsNothing(t *testing.T) {
	t.Parallel()
	w, _ := troubled(t)
	w.extra = append(w.extra, "OPS_WEBHOOK=https://hooks.example/"+webhookPath, "OPS_SECRET="+webhookSecret)
	w.secrets = append(w.secrets, webhookPath, webhookSecret)
	w.run("apply", "--auto-approve").exits(3).says("OPS_WEBHOOK: nothing is sent to \"hooks.example\"", "GDF_ALLOWED_HOSTS")
}

func TestAWebhookThatIsNotSetIsAWarning(t *testing.T) {
	t.Parallel()
	w, _ := troubled(t)
	w.run("apply", "--auto-approve").exits(3).says("OPS_WEBHOOK is not set in the environment")
	if plan := w.run("plan"); plan.code != 0 {
		t.Error(plan.all())
	}
}
