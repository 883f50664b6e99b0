package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// otherName is what the block of a place says so that it is another one of its kind.
var otherName = map[string]string{"local": "path = %q", "git": "name = %q", "s3": "prefix = %q", "postgres": "name = %q"}

// blockFor is a backend block.
func blockFor(kind string, lines ...string) string {
	return fmt.Sprintf("gdfctl {\n  backend %q {\n    %s\n  }\n}\n", kind, strings.Join(lines, "\n    "))
}

// A state moves between each two kinds of places, in both directions, and to another
// name in each. All of it is there each time, and each order is shipped once.
func TestAStateMovesBetweenAllKinds(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(2600, 36, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.shipments(orders[:1])
	places := map[string]home{"local": {kind: "local"}}
	for _, kind := range []string{"git", "s3", "postgres"} {
		places[kind] = homes[kind](t)
		w.extra, w.secrets = append(w.extra, places[kind].env...), append(w.secrets, places[kind].secrets...)
	}
	(&team{world: w, home: places["git"]}).prepare(w)
	state := ""
	use := func(kind string, n int) {
		name := fmt.Sprintf("place-%d", n)
		if kind == "local" {
			name += ".state.json"
		}
		lines := append(slices.Clone(places[kind].says), fmt.Sprintf(otherName[kind], name))
		if kind != "local" && state != "" {
			lines = append(lines, fmt.Sprintf("state = %q", state))
		}
		w.write("backend.hcl", blockFor(kind, lines...))
	}
	tour := []string{"local", "git", "git", "local", "s3", "s3", "local", "postgres", "postgres", "git", "s3", "git", "postgres", "s3", "postgres", "local", "local"}
	pairs := map[string]bool{}
	use(tour[0], 0)
	w.apply()
	for n, kind := range tour[1:] {
		from := tour[n]
		pairs[from+" to "+kind] = true
		if from == "local" {
			state = "" // files have no such name
		}
		use(kind, n+1)
		if from != "local" || kind != "local" { // another path can be another state
			w.run("plan").exits(1).says("gdfctl state migrate")
		}
		var moved struct {
			State  *string
			Result string
		}
		r := w.run("state", "migrate", "--auto-approve", "--json").exits(0)
		if err := json.Unmarshal([]byte(r.stdout), &moved); err != nil || moved.Result != "moved" || (moved.State == nil) != (kind == "local") {
			t.Fatalf("%s to %s: %v\n%s", from, kind, err, r.all())
		}
		if moved.State != nil {
			if state != "" && *moved.State != state {
				t.Errorf("%s to %s: state %s became %s", from, kind, state, *moved.State)
			}
			state = *moved.State
			use(kind, n+1)
		}
		w.run("state", "migrate", "--auto-approve").exits(0).says("already; nothing was changed")
		w.run("plan", "--detailed-exitcode").exits(0)
		w.shipments(orders[:n+2])
		w.apply()
	}
	if len(pairs) != len(otherName)*len(otherName) {
		t.Errorf("only these: %v", slices.Sorted(maps.Keys(pairs)))
	}
	w.shippedOnce(orders[:len(tour)])
	w.auditShared()
}

// A state moves while machines with the former block apply, one of which is killed with
// calls under way; the move is killed again and again. Each order is shipped once, and
// the former place takes nothing more.
func TestAMoveIsKilledWhileOthersApply(t *testing.T) {
	t.Parallel()
	inEachHome(t, func(t *testing.T, fresh func() home) {
		orders := apiserver.Generate(2700, 120, apiserver.New)
		random := seeded(t)
		m := shippingTeam(t, fresh(), orders, 3*time.Second, apiserver.Options{})
		old, cut := m.machine(), m.machine()
		first := cut.start("apply", "--auto-approve")
		until(t, "it sends", func() bool { return m.api.Writes() >= 5 })
		first.hit(kill, 0)
		first.wait()
		late := old.start(patient...)

		former := m.read("backend.hcl")
		m.write("backend.hcl", strings.Replace(former, "state =", fmt.Sprintf(otherName[m.home.kind], "next")+"\n    state =", 1))
		kills := 0
		for ; ; kills++ {
			move := m.start("state", "migrate", "--auto-approve", "--lock-timeout", "200s")
			if kills < 3 {
				select {
				case <-move.ended:
				case <-time.After(time.Duration(random.Int64N(int64(lease * 3 / 2)))):
					move.hit(kill, 0)
				}
			}
			if r := move.wait(); r.code == 0 {
				break
			} else if kills >= 3 && r.code != 5 && !r.lostItsLease() {
				t.Fatalf("the move does not go on: %s", r.end())
			}
			if kills > 12 {
				t.Fatal("the move comes to no end")
			}
		}
		t.Logf("moved after %d kills or waits", kills)
		if r := late.wait(); r.code != 0 && !r.lostItsLease() {
			r.says("the state moved from")
		}
		sent := m.api.Writes()
		old.run(patient...).exits(1).says("the state moved from", "backend \""+m.home.kind+"\" {", fmt.Sprintf(otherName[m.home.kind], "next")[:4])
		if m.api.Writes() != sent {
			t.Error("a machine with the former block sends")
		}
		for _, w := range []*world{m.world, cut, old} { // what they kept is recorded in the new place
			w.write("backend.hcl", m.read("backend.hcl"))
			w.apply(patiently...)
		}
		m.shippedOnce(orders)
		m.auditShared()
	})
}
