package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/screen"
)

// Where the policy wants it, cancels are approved by their number: at a terminal, and
// beforehand where nobody is asked. A saved plan was reviewed.
func TestConfirmCancellations(t *testing.T) {
	for name, c := range map[string]struct {
		policy string
		stdin  string
		flags  []string
		code   int
		says   string
	}{
		"the number":                        {"confirm_cancellations = true", "1\n", nil, exitDone, "Type how many orders are canceled to continue: "},
		"yes is not the number":             {"confirm_cancellations = true", "yes\n", nil, exitError, "not approved; nothing was changed"},
		"another number":                    {"confirm_cancellations = true", "2\n", nil, exitError, "not approved; nothing was changed"},
		"not wanted":                        {"", "yes\n", nil, exitDone, "Type 'yes' to continue"},
		"nobody is asked":                   {"confirm_cancellations = true", "", []string{"--auto-approve"}, exitError, "1 order would be canceled, and the policy's confirm_cancellations (main.hcl:12) wants their number confirmed. Nothing was changed"},
		"said beforehand":                   {"confirm_cancellations = true", "", []string{"--auto-approve", "--approve-cancellations", "1"}, exitDone, "1 applied"},
		"another number beforehand":         {"confirm_cancellations = true", "", []string{"--auto-approve", "--approve-cancellations", "2"}, exitError, "1 order would be canceled, and --approve-cancellations says 2. Nothing was changed"},
		"another number, not wanted":        {"", "", []string{"--auto-approve", "--approve-cancellations", "0"}, exitError, "--approve-cancellations says 0"},
		"beforehand, and somebody is asked": {"", "", []string{"--approve-cancellations", "1"}, exitUsage, "--approve-cancellations is for --auto-approve"},
		"a saved plan":                      {"confirm_cancellations = true", "", []string{"saved.plan"}, exitDone, "1 applied"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			config := "account \"main\" {\n  endpoint = \"sandbox\"\n}\norder \"o\" {\n  find   = { source = \"eBay\", source_order_number = \"06-08565-41227\" }\n  status = \"cancelled\"\n  reason = \"out of stock\"\n}\n\n\npolicy {\n  " + c.policy + "\n}\n"
			if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			env := map[string]string{"GDF_CACHE_DIR": t.TempDir()}
			gdfctl := func(args ...string) (int, string) {
				var out bytes.Buffer
				p := &program{Screen: screen.Screen{In: strings.NewReader(c.stdin), Out: &out, Err: &out, Now: time.Now, Asks: true, Env: func(name string) string { return env[name] }}}
				return run(p, args), out.String()
			}
			saved := filepath.Join(dir, "saved.plan")
			if code, said := gdfctl("plan", "--chdir", dir, "--out", saved); code != exitDone {
				t.Fatal(said)
			}
			args := []string{"apply", "--chdir", dir}
			for _, flag := range c.flags {
				args = append(args, strings.Replace(flag, "saved.plan", saved, 1))
			}
			code, said := gdfctl(args...)
			if code != c.code || !strings.Contains(said, c.says) {
				t.Errorf("exit %d, want %d and %q:\n%s", code, c.code, c.says, said)
			}
			if _, left := gdfctl("plan", "--chdir", dir); strings.Contains(left, "No changes") != (c.code == exitDone) {
				t.Errorf("after exit %d:\n%s", code, left)
			}
		})
	}
}
