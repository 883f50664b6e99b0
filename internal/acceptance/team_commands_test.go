package acceptance

import (
	"cmp"
	"regexp"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// What people do to a state by hand works in each kind of place, from any machine: it is
// pulled and pushed, unlocked, and accepted after its log forgot what was recorded.
func TestAStateIsMendedByHandInEachPlace(t *testing.T) {
	t.Parallel()
	inEachHome(t, func(t *testing.T, fresh func() home) {
		orders := apiserver.Generate(2500, 3, apiserver.New)
		m := shippingTeam(t, fresh(), orders, shortLag, apiserver.Options{})
		m.apply()
		other := m.machine()

		m.run("state", "pull", "kept.json").exits(0)
		kept := m.read("kept.json")
		other.write("changed.json", strings.ReplaceAll(kept, trackingOf(0), trackingOf(900)))
		push := []string{"state", "push", "changed.json", "--reason", "entered by hand", "--auto-approve"}
		other.run(push...).exits(0).says("0 to add, 0 to remove, 1 to change in the state.")
		m.run("state", "show", orders[0].SourceNumber).exits(0).says(trackingOf(900))
		other.run(push...).exits(0).says("nothing was changed") // it did what the file says
		other.write("stale.json", kept)
		other.run("state", "push", "stale.json", "--reason", "too late", "--auto-approve").exits(1).says("changed since it was pulled")

		m.run("state", "unlock", "--reason", "just in case").exits(0)
		m.run("audit", "list").exits(0).says("entered by hand")
		m.run("audit", "verify").exits(0)

		m.home.forget(t, 4)
		other.run("apply", "--auto-approve").exits(1).says("is not what it was", "gdfctl state recover")
		other.run("state", "unlock", "--reason", "x").exits(1).says("gdfctl state recover")
		m.run("state", "recover", "--reason", "put back by mistake", "--auto-approve").exits(0).says("Accepted.")
		m.apply(patiently...)
		other.run("state", "recover", "--reason", "seen", "--auto-approve").exits(0)
		other.run("plan").exits(0)
		m.run("audit", "list").exits(0).says("put back by mistake")
		m.run("audit", "verify").exits(0)
		m.shippedOnce(orders)
	})
}

// A pull request mistypes where the state is, or names another one. On a machine that
// knows nothing of it, nothing is sent.
func TestAnotherPlaceThanThatOfTheStateIsRefused(t *testing.T) {
	t.Parallel()
	inEachHome(t, func(t *testing.T, fresh func() home) {
		orders := apiserver.Generate(2700, 2, apiserver.New)
		m := shippingTeam(t, fresh(), orders, shortLag, apiserver.Options{})
		right := m.read("backend.hcl")
		name := map[string]string{"s3": "prefix"}[m.home.kind]
		line := regexp.MustCompile(`state = "\w+"`)
		mistakes := map[string][2]string{
			line.ReplaceAllString(right, `state = "00000000"`):                               {"and the configuration names state \"00000000\"", "Nothing was sent"},
			line.ReplaceAllString(right, "${0}\n    "+cmp.Or(name, "name")+" = \"another\""): {"keeps no state", "was it deleted, renamed"},
		}
		for where, mistyped := range map[string]string{`bucket = "test-\d+"`: `bucket = "mistyped"`, `remote = "origin"`: `remote = "upstream"`, `url = env.GDF_DATABASE_URL`: "$0\n    schema = \"mistyped\""} {
			if at := regexp.MustCompile(where); at.MatchString(right) {
				mistakes[at.ReplaceAllString(right, mistyped)] = [2]string{"Error"}
			}
		}
		if len(mistakes) != 3 {
			t.Fatal(mistakes)
		}
		for text, says := range mistakes {
			other := m.machine()
			other.write("backend.hcl", text)
			for _, args := range [][]string{{"plan"}, {"apply", "--auto-approve"}, {"state", "unlock", "--reason", "x"}} {
				other.run(args...).exits(1).says(says[:]...)
			}
		}
		m.untouched()
		m.apply()
		m.shippedOnce(orders)
	})
}
