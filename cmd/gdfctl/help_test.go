package main

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/screen"
)

// TestHelp walks the whole command tree.
func TestHelp(t *testing.T) {
	p := &program{Screen: screen.Screen{Env: func(string) string { return "" }}}
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(child)
		}
		if cmd.Hidden {
			return
		}
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
				t.Errorf("its short description is %q", cmd.Short)
			}
			if !strings.Contains(cmd.Example, "gdfctl") {
				t.Error("it has no example")
			}
			if cmd.RunE == nil {
				t.Error("it does nothing")
			}
			// pflag 1.1 writes every switch like this.
			if usage := cmd.LocalFlags().FlagUsages(); strings.Contains(usage, "[=true") {
				t.Errorf("its switches look as if they took a value:\n%s", usage)
			}
		})
	}
	walk(newRoot(p))
}

// TestUsageErrors has one wrong command line for each way to be wrong.
func TestUsageErrors(t *testing.T) {
	for _, line := range []string{
		"nosuch", "--nosuch", "plan extra", "init extra", "state nosuch", "state list extra", "state show", "state rm", "state rm x",
		"state rm x --reason=", "state unlock", "state recover x", "state unlock a b --reason x", "audit list --action sold", "audit list --since never",
		"audit verify --head x", "audit verify --signed x", "audit verify --public-key x", "audit export --format xml", "audit export --since never",
		"audit keygen", "audit keygen a+b", "orders get", "orders get a b", "orders list --format yaml", "orders list --limit x",
		"feeds download", "sandbox --listen :1", "sandbox --fault x", "completion tcsh", "version extra", "fmt - x",
	} {
		t.Run(line, func(t *testing.T) {
			var stdout, stderr strings.Builder
			p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Env: func(string) string { return "" }, Now: time.Now}}
			if code := run(p, strings.Fields(line)); code != exitUsage {
				t.Errorf("exit %d", code)
			}
			if stdout.Len() > 0 || !strings.HasPrefix(stderr.String(), "Error: ") {
				t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
			}
		})
	}
}
