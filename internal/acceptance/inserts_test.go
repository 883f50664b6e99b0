package acceptance

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// buyersOfInserts are pieces of the made-up people in the tables of these tests. They
// may be in the tables alone.
var buyersOfInserts = []string{"Quillcanary", "Inkwellcanary", "Papertowncanary", "canary.example"}

// mustExist writes a table of n orders that must exist, P-0 and so on.
func (w *world) mustExist(n int) {
	var rows strings.Builder
	for i := range n {
		fmt.Fprintf(&rows, `{"OrderSource":"Phone","OrderSourceOrderNumber":"P-%d","DateCreatedInOrderSource":%q,"BuyerEmailAddress":"p%d@canary.example",`+
			`"BuyerPhoneNumber":"555","ShipToCompanyName":"","FirstName":"Ada","LastName":"Quillcanary%d","Street1":"%d Inkwellcanary Lane","City":"Papertowncanary",`+
			`"StateOrProvince":"MA","Country":"US","PostalCode":"02901","ShippingMethod":"Ground","GrandTotal":25.10,"SubTotal":25.10,`+
			`"OrderItems":[{"Sku":"A","Name":"Pen","Quantity":2,"UnitPrice":12.55}]}`+"\n",
			i, time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), i, i, i)
	}
	w.write("private/orders.jsonl", rows.String())
	w.write("inserts.hcl", "new_orders \"phone\" {\n  rows = jsonl(\"private/*.jsonl\")\n}\n")
}

// exist counts how often each order is there.
func (w *world) exist() map[string]int {
	counts := map[string]int{}
	for _, o := range w.api.Orders() {
		counts[o.SourceNumber]++
	}
	return counts
}

// buyersStayHome looks for buyers in all that was printed, and in every file but the table.
func (w *world) buyersStayHome() {
	w.t.Helper()
	check := func(where, text string) {
		for _, buyer := range buyersOfInserts {
			if strings.Contains(text, buyer) {
				w.t.Errorf("%s holds %q", where, buyer)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, output := range w.outputs {
		check("the output", output)
	}
	err := filepath.WalkDir(w.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Base(filepath.Dir(path)) == "private" {
			return err
		}
		b, err := os.ReadFile(path)
		check(path, string(b))
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// Inserts whose answers get lost, before and after they took effect, that take effect
// late, and whose runs are killed: each order exists once, or is reported as unknown and
// not sent again; and nobody's name is anywhere but in the table.
func TestInsertsAreMadeOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	places := map[string]func(t *testing.T, w *world){"local": func(*testing.T, *world) {}}
	places["git"] = func(t *testing.T, w *world) { teamOf(w, homes["git"](t)) }
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			takesTurns(t, name)
			random := seeded(t)
			chance := rand.New(rand.NewPCG(random.Uint64(), 1))
			fate := lockedDelay(chance, 100*time.Millisecond)
			lost := lockedDelay(rand.New(rand.NewPCG(random.Uint64(), 2)), 100)
			s := &striker{}
			w := newWorld(t, apiserver.Options{
				WriteDelay: func() time.Duration { // some of them later than anybody waits
					if d := fate(); d > 5*time.Millisecond {
						return d / 50
					}
					return 4 * time.Second
				},
				Intercept: func(c apiserver.Call) *apiserver.Fault {
					if fault := s.intercept(c); fault != nil {
						return fault
					}
					if n := lost(); c.Op == apiserver.Insert && n < 10 {
						return &apiserver.Fault{Cut: true, Execute: n < 5}
					}
					return nil
				},
			})
			n := soakOr(t, "GDF_SOAK_INSERTS", 200)
			w.write("main.hcl", "account \"main\" {\n"+settling+"}\n")
			w.mustExist(n)
			place(t, w)
			w.run("validate").exits(0)
			kills := 4
			if name == "git" { // where each of them leaves up to two windows unknown
				kills = 2
			}
			for range kills { // each of them in the middle of a call
				execute := random.IntN(2) == 0
				s.arm(1+random.IntN(8), func(p *process, _ string) *apiserver.Fault {
					p.hit(kill, 0)
					<-p.ended
					return &apiserver.Fault{Cut: true, Execute: execute}
				})
				p := w.start("apply", "--auto-approve", "--json", "--lock-timeout", "90s")
				s.aim(p)
				p.wait().exits(-1)
			}
			w.start("apply", "--auto-approve", "--lock-timeout", "90s").wait()
			time.Sleep(5 * time.Second) // all that comes late is there
			end := w.start("apply", "--auto-approve", "--json", "--lock-timeout", "90s").wait()
			unknown := map[string]bool{}
			for line := range strings.Lines(end.stdout) {
				var e struct {
					Type  string
					Items []struct {
						Result string
						Order  struct {
							Number string `json:"source_order_number"`
						}
					}
				}
				if json.Unmarshal([]byte(line), &e) == nil && e.Type == "summary" {
					for _, item := range e.Items {
						unknown[item.Order.Number] = unknown[item.Order.Number] || item.Result == "unknown"
					}
				}
			}
			exist := w.exist()
			for i := range n {
				number := fmt.Sprintf("P-%d", i)
				if c := exist[number]; c > 1 || c == 1 == unknown[number] {
					t.Errorf("%s exists %d times; unknown: %v", number, c, unknown[number])
				}
			}
			sent := w.api.Calls(apiserver.Insert)
			plan := w.run("plan", "--json")
			var p struct{ Changes []any }
			if err := json.Unmarshal([]byte(plan.stdout), &p); err != nil || len(p.Changes) > 0 {
				t.Errorf("a plan after all: %v, %d changes\n%s", err, len(p.Changes), plan.end())
			}
			if w.api.Calls(apiserver.Insert) != sent {
				t.Error("something was sent again")
			}
			w.insertedAgain(unknown)
			w.run("audit", "verify").exits(0)
			w.buyersStayHome()
			t.Logf("%d inserts sent, %d orders unknown", sent, len(unknown))
		})
	}
}

// insertedAgain asks for one of the orders again whose inserts stayed unknown, all of which
// have had their time: it is there once then, and the others are not sent.
func (w *world) insertedAgain(unknown map[string]bool) {
	w.t.Helper()
	for number, is := range unknown {
		if !is {
			continue
		}
		sent := w.api.Calls(apiserver.Insert)
		again := w.start("resend", fmt.Sprintf(`new_orders.phone["Phone/%s"]`, number), "--reason", "looked for by hand", "--auto-approve", "--lock-timeout", "90s").wait()
		exist := w.exist()
		if n := w.api.Calls(apiserver.Insert) - sent; n != 1 || exist[number] > 1 {
			w.t.Errorf("%s was sent %d times more, and exists %d times\n%s", number, n, exist[number], again.all())
		}
		for other := range unknown {
			if other != number && exist[other] != 0 {
				w.t.Errorf("%s exists %d times", other, exist[other])
			}
		}
		return
	}
}
