package acceptance

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// leftOpen is a journey whose run was killed while a call was under way that
// took effect, or didn't. Reads show only that order as it is.
func leftOpen(t *testing.T, takesEffect bool) *journey {
	t.Helper()
	s := &striker{}
	open := ""
	j := newJourney(t, 13, 1, apiserver.Options{Intercept: s.intercept})
	j.account = quickAccount
	j.configure(0)
	s.arm(5, func(p *process, id string) *apiserver.Fault {
		open = id
		p.hit(kill, 0)
		<-p.ended
		if takesEffect {
			return nil
		}
		return &apiserver.Fault{Cut: true}
	})
	p := j.start("apply", "--auto-approve", "--parallelism", "1")
	s.aim(p)
	p.wait().exits(-1)
	j.api.Configure(func(o *apiserver.Options) {
		o.Behind = func(id string) int {
			if id == open {
				return 0
			}
			return 2
		}
	})
	return j
}

func TestARenamedAccountTakesItsOpenCallsAlongOrStops(t *testing.T) {
	t.Parallel()
	for _, takesEffect := range []bool{true, false} {
		for name, back := range map[string]func(j *journey){
			"formerly":     func(j *journey) { j.account = "  formerly = \"main\"\n" + quickAccount },
			"the old name": func(j *journey) { j.label = "main" },
		} {
			t.Run(map[bool]string{true: "took effect", false: "was lost"}[takesEffect]+"/"+name, func(t *testing.T) {
				t.Parallel()
				j := leftOpen(t, takesEffect)
				writes := j.api.Writes()
				j.label = "shop"
				j.writeAccount()
				for range 2 {
					j.run("apply", "--auto-approve").exits(1).says(`account "main"`, "formerly")
				}
				j.run("plan", "--out", "day.plan")
				if j.exists("day.plan") {
					j.run("apply", "day.plan").exits(1)
				}
				if n := j.api.Writes() - writes; n > 0 {
					t.Errorf("%d writes were sent while calls of the account's old name were open", n)
				}
				back(j)
				j.writeAccount()
				j.apply()
				j.eachOnce(false)
				j.wantsNothing()
				j.auditIsLedger()
				j.auditHolds()
			})
		}
	}
}

// The state of before an account was renamed has calls open that the audit log
// settles, under the new name.
func TestAStateFromBeforeARenamingIsCompletedFromTheAuditLog(t *testing.T) {
	t.Parallel()
	for _, takesEffect := range []bool{true, false} {
		t.Run(map[bool]string{true: "took effect", false: "was lost"}[takesEffect], func(t *testing.T) {
			t.Parallel()
			j := leftOpen(t, takesEffect)
			j.label = "shop"
			j.writeAccount()
			j.run("apply", "--auto-approve").exits(1)
			old := j.read(stateName) // the journal is folded in: the call is open here
			j.account = "  formerly = \"main\"\n" + quickAccount
			j.writeAccount()
			j.apply()
			j.eachOnce(false)
			j.write(stateName, old)
			j.apply().says(beyond)
			j.wantsNothing()
			j.eachOnce(false)
			j.auditIsLedger()
			j.auditHolds()
		})
	}
}

// What was applied is remembered of an order, whatever its account is called and
// however its endpoint is spelled.
func TestARenamedAccountForgetsNothing(t *testing.T) {
	t.Parallel()
	j := newJourney(t, 14, 1, apiserver.Options{Behind: func(string) int { return 2 }})
	j.account = quickAccount
	for stage := range stages {
		j.configure(stage)
		j.apply()
		j.eachOnce(false)
		was := j.label
		j.label, j.account = []string{"shop", "store", "main"}[stage], quickAccount
		if stage == 1 {
			j.account += fmt.Sprintf("  formerly = %q\n", was)
		}
		j.endpoint = []string{j.api.URL, j.api.URL + "/./", strings.Replace(j.api.URL, "127.0.0.1", "LOCALHOST", 1)}[stage]
		j.writeAccount()
		j.wantsNothing()
		j.run("plan", "--out", "again.plan").exits(0)
		j.run("apply", "again.plan").exits(0)
		j.apply()
		j.eachOnce(false)
	}
	j.auditIsLedger()
}

// Which of two changes is the later one does not depend on clocks, not even
// where a run under the new name was killed.
func TestARenamedAccountKnowsItsLastChangeThoughTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	s := &striker{}
	var open atomic.Value // the order whose call is under way: its reads lag less than settle
	j := newJourney(t, 15, 1, apiserver.Options{Intercept: s.intercept, Behind: func(id string) int {
		if id == open.Load() {
			return 0
		}
		return 3
	}})
	j.account, j.dated = quickAccount, true
	for stage := range stages {
		setBack, err := atClock(time.Duration(-2*stage) * time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		j.configure(stage)
		s.arm(3, func(p *process, id string) *apiserver.Fault {
			p.hit(kill, 0)
			<-p.ended
			open.Store(id)
			return &apiserver.Fault{Cut: true}
		})
		p := j.startWith(setBack, "apply", "--auto-approve", "--parallelism", "1")
		s.aim(p)
		p.wait().exits(-1)
		for range 2 {
			j.apply()
			j.wantsNothing()
			j.eachOnce(false)
		}
		j.label = []string{"shop", "store", "main"}[stage]
	}
}

func TestAnEndpointThatIsSpelledDifferentlyIsTheSame(t *testing.T) {
	t.Parallel()
	for name, spelled := range map[string]func(url string) string{
		"a slash at the end":      func(url string) string { return url + "/" },
		"a dot at the end":        func(url string) string { return url + "/." },
		"upper case":              strings.ToUpper,
		"localhost":               func(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) },
		"localhost in upper case": func(url string) string { return strings.Replace(url, "127.0.0.1", "LocalHost", 1) + "/" },
	} {
		for _, takesEffect := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", took effect", false: ", was lost"}[takesEffect], func(t *testing.T) {
				t.Parallel()
				j := leftOpen(t, takesEffect)
				j.endpoint = spelled(j.api.URL)
				j.apply()
				j.eachOnce(false)
				j.wantsNothing()
				j.apply()
				j.eachOnce(false)
				j.auditIsLedger()
			})
		}
	}
}

// Reads that lag show no change as long as they like: what was applied under
// another spelling of the endpoint is remembered.
func TestWhatWasAppliedIsRememberedUnderEverySpellingOfTheEndpoint(t *testing.T) {
	t.Parallel()
	for name, spelled := range map[string]func(url string) string{
		"a port with a zero":     func(url string) string { return strings.Replace(url, "127.0.0.1:", "127.0.0.1:0", 1) + "/gdf" },
		"a letter is escaped":    func(url string) string { return url + "/%67df" },
		"dots are escaped":       func(url string) string { return url + "/%2e/gdf/x/%2E%2e" },
		"the address in IPv6":    func(url string) string { return strings.Replace(url, "127.0.0.1", "[::ffff:127.0.0.1]", 1) + "/gdf" },
		"slashes and upper case": func(url string) string { return strings.ToUpper(url) + "//gdf//" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := apiserver.Generate(50, 3, apiserver.New)
			w := shipAll(t, unlimited, orders, apiserver.Options{Prefix: "gdf", Behind: func(string) int { return 1 }})
			w.endpoint = w.api.URL + "/gdf"
			w.apply()
			w.endpoint = spelled(w.api.URL)
			w.apply().says("3 pending")
			w.shippedOnce(orders)
		})
	}
}
