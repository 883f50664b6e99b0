package acceptance

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// runUnread runs the program with a standard output that nobody reads, as when a
// pager was quit.
func (w *world) runUnread(args ...string) (code int, stderr string) {
	w.t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		w.t.Fatal(err)
	}
	defer writer.Close()
	var errors bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.env(), writer, &errors
	_ = cmd.Run() // the exit code tells
	return cmd.ProcessState.ExitCode(), errors.String()
}

// Who quits a pager has seen enough: that is no error, and nothing that was to
// be done besides showing is left undone.
func TestAReaderThatIsGone(t *testing.T) {
	t.Parallel()
	w, orders := saved(t, 12, "")
	for _, c := range []struct {
		code int
		args []string
	}{
		{0, []string{"show", "--full", "release.plan"}},
		{0, []string{"show", "--format", "json", "release.plan"}},
		{0, []string{"orders", "list"}},
		{2, []string{"plan", "--full", "--out", "second.plan", "--detailed-exitcode"}},
		{2, []string{"plan", "--json", "--detailed-exitcode"}},
	} {
		if code, stderr := w.runUnread(c.args...); code != c.code || strings.Contains(stderr, "pipe") || strings.Contains(stderr, "Error") {
			t.Errorf("gdfctl %s: exit %d, want %d\n%s", strings.Join(c.args, " "), code, c.code, stderr)
		}
	}
	w.run("show", "second.plan").exits(0).says("12 to ship")
	w.untouched()
	if code, stderr := w.runUnread("apply", "--auto-approve"); code != 0 {
		t.Errorf("apply: exit %d\n%s", code, stderr)
	}
	w.shippedOnce(orders)
}

// What went wrong is still told by the exit code.
func TestAFailureThatNobodyReads(t *testing.T) {
	t.Parallel()
	orders := apiserver.Generate(41, 3, apiserver.New)
	w := shipAll(t, unlimited, orders, apiserver.Options{})
	w.write("more.hcl", "policy {\n  max_changes = 1\n}\n")
	for _, args := range [][]string{{"plan", "--full"}, {"plan", "--json"}} {
		if code, _ := w.runUnread(args...); code != 1 {
			t.Errorf("gdfctl %s: exit %d, want 1", strings.Join(args, " "), code)
		}
	}
}
