package main

import (
	"os/exec"
	"testing"

	"github.com/gdfctl/gdfctl/internal/screen"
)

// A hint can be typed as it is printed, whatever the names are.
func TestCommandsInHintsCanBeTyped(t *testing.T) {
	for _, c := range []struct{ chdir, file, want string }{
		{".", "release.plan", "gdfctl apply release.plan"},
		{"shops/us", "release.plan", "gdfctl apply release.plan --chdir shops/us"},
		{".", "a\nb\\'\u202e.plan", `gdfctl apply $'a\nb\\\'\u202e.plan'`},
		{"our shops", "it's $1.plan", `gdfctl apply 'it'\''s $1.plan' --chdir 'our shops'`},
	} {
		p := &program{Screen: screen.Screen{Dir: c.chdir}}
		got := p.Command("apply", c.file)
		if got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
		bash, err := exec.LookPath("bash")
		if err != nil {
			continue
		}
		out, err := exec.Command(bash, "-c", `gdfctl() { printf '%s\n' "$2"; }; `+got).Output()
		if err != nil || string(out) != c.file+"\n" {
			t.Errorf("bash reads the file as %q, %v", out, err)
		}
	}
}
