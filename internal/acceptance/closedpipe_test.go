package acceptance

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// runUnread runs the program with a standard output that nobody reads, as when a
// pager was quit.
func (w *world) runUnread(args ...string) result {
	w.t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		w.t.Fatal(err)
	}
	defer writer.Close()
	return w.startWith(func(cmd *exec.Cmd) { cmd.Stdout = writer }, args...).wait()
}

// Who quits a pager has seen enough: that is no error, and nothing that was to
// be done besides showing is left undone.
func TestAReaderThatIsGone(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 12, "watch \"all\" {\n  feeds = \"*\"\n}\n")
	for _, c := range []struct {
		code int
		args []string
	}{
		{0, []string{"show", "--full", "release.plan"}},
		{0, []string{"show", "--format", "json", "release.plan"}},
		{0, []string{"orders", "list"}},
		{4, []string{"feeds", "check"}}, // there are none
		{4, []string{"feeds", "check", "--json"}},
		{2, []string{"plan", "--full", "--out", "second.plan", "--detailed-exitcode"}},
		{2, []string{"plan", "--json", "--out", "third.plan", "--detailed-exitcode"}},
	} {
		if r := w.runUnread(c.args...); r.code != c.code || strings.Contains(r.stderr, "pipe") || strings.Contains(r.stderr, "Error") {
			t.Errorf("gdfctl %s: exit %d, want %d\n%s", strings.Join(c.args, " "), r.code, c.code, r.stderr)
		}
	}
	w.run("show", "second.plan").exits(0).says("12 to ship")
	w.run("show", "third.plan").exits(0).says("12 to ship")
	w.untouched()
	w.runUnread("apply", "--auto-approve").exits(0)
	w.shippedOnce(orders)
}

// What went wrong is still told by the exit code.
func TestAFailureThatNobodyReads(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(41, 3, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.write("more.hcl", "policy {\n  max_changes = 1\n}\n")
	for _, args := range [][]string{{"plan", "--full"}, {"plan", "--json"}} {
		w.runUnread(args...).exits(1)
	}
}
