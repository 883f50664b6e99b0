//go:build !race

package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/apiserver"
)

// An agent with a thousand workspaces in which nothing is due takes no more memory after ten minutes
// than after one.
func TestAnIdleAgentDoesNotGrow(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("the memory of processes is read from /proc")
	}
	minute, workspaces := time.Minute/hastenedBy, 200
	w := newWorld(t, apiserver.Options{})
	w.hasten(hastenedBy)
	if wholeSoak(t) {
		minute, workspaces, w.program = time.Minute, 1000, ""
	}
	variables := filepath.Join(w.root, "variables")
	if err := os.WriteFile(variables, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	for i := range workspaces {
		dir := filepath.Join(w.dir, "workspaces", fmt.Sprint(i))
		fmt.Fprintf(&file, "workspace \"idle-%d\" {\n  dir      = %q\n  env_file = %q\n}\n", i, dir, variables)
		w.write(filepath.Join("workspaces", fmt.Sprint(i), "main.hcl"), unlimited+
			"schedule \"verify\" {\n  cron      = \"0 0 29 FEB *\"\n  time_zone = \"UTC\"\n  run       = \"verify\"\n  catch_up  = \"none\"\n}\n")
	}
	w.write("agent.hcl", file.String())
	p := w.start("agent", "--config", "agent.hcl", "--metrics-listen", "127.0.0.1:0")
	until(t, "the agent has started", func() bool { return strings.Contains(p.stderr.String(), "msg=started") })
	time.Sleep(minute)
	after1 := p.memory()
	time.Sleep(9 * minute)
	after10 := p.memory()
	p.stops()
	t.Logf("%d idle workspaces: %d MiB after one minute, and %d MiB after ten", workspaces, after1>>20, after10>>20)
	if most := after1 + after1/4 + 4<<20; after10 > most { // the garbage collector takes its time
		t.Errorf("%d idle workspaces: %d MiB after one minute, and %d MiB after ten", workspaces, after1>>20, after10>>20)
	}
	if n := w.api.Total(); n > 0 {
		t.Errorf("%d calls were made, and nothing was due", n)
	}
}

// memory is what a process has in memory, in bytes.
func (p *process) memory() int {
	p.w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.w.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	if fields := strings.Fields(rest); len(fields) > 0 {
		if kib, err := strconv.Atoi(fields[0]); err == nil {
			return kib << 10
		}
	}
	p.w.t.Fatalf("the memory of the process is not in\n%s", text)
	return 0
}
