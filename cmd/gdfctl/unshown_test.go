package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/screen"
)

// fullDisk is a standard output that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A plan that could not be shown is not carried out, even if nobody is asked.
func TestAPlanThatCannotBeShownIsNotCarriedOut(t *testing.T) {
	for name, args := range map[string][]string{
		"on standard output": {"apply", "--auto-approve"},
		"on standard error":  {"apply", "--auto-approve", "--json"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var said strings.Builder
			env := func(name string) string { return map[string]string{"GDF_CACHE_DIR": filepath.Join(dir, "cache")}[name] }
			p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: &said, Err: &said, Env: env, Now: time.Now}}
			if code := run(p, []string{"--chdir", dir, "init"}); code != exitDone {
				t.Fatalf("exit %d: %s", code, said.String())
			}
			said.Reset()
			p = &program{Screen: screen.Screen{In: strings.NewReader(""), Out: fullDisk{}, Err: &said, Env: env, Now: time.Now}}
			if args[len(args)-1] == "--json" {
				p.Out, p.Err = &said, fullDisk{}
			}
			code := run(p, append([]string{"--chdir", dir}, args...))
			if code != exitError || !strings.Contains(said.String(), "nothing was sent, because the plan could not be shown: no space left on device") {
				t.Errorf("exit %d: %s", code, said.String())
			}
			if _, err := os.Stat(filepath.Join(dir, "gdfctl.audit.jsonl")); err == nil {
				t.Error("orders were changed")
			}
		})
	}
}

// A saved plan counts as reviewed, so one that could not be shown is not saved, and
// the file that it would have replaced stays.
func TestAPlanThatCannotBeShownIsNotSaved(t *testing.T) {
	for _, format := range []string{"text", "json", "markdown", "junit"} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			var said strings.Builder
			env := func(name string) string { return map[string]string{"GDF_CACHE_DIR": filepath.Join(dir, "cache")}[name] }
			p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: &said, Err: &said, Env: env, Now: time.Now}}
			if code := run(p, []string{"--chdir", dir, "init"}); code != exitDone {
				t.Fatalf("exit %d: %s", code, said.String())
			}
			file := filepath.Join(dir, "release.plan")
			if err := os.WriteFile(file, []byte("the last one"), 0o600); err != nil {
				t.Fatal(err)
			}
			said.Reset()
			p = &program{Screen: screen.Screen{In: strings.NewReader(""), Out: fullDisk{}, Err: &said, Env: env, Now: time.Now}}
			if code := run(p, []string{"--chdir", dir, "plan", "--format", format, "--out", file}); code != exitError || !strings.Contains(said.String(), "no space left on device") {
				t.Errorf("exit %d: %s", code, said.String())
			}
			if text, err := os.ReadFile(file); string(text) != "the last one" {
				t.Errorf("the file holds %.60q, %v", text, err)
			}
		})
	}
}

// Nor are calls of an earlier run taken up again: they could be sent again.
func TestOpenCallsAreNotTakenUpByAPlanThatCannotBeShown(t *testing.T) {
	k := newKeptState(t)
	session := k.lock()
	ship(t, session, "a1")
	if err := session.Close(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	env := func(name string) string {
		return map[string]string{"GDF_CACHE_DIR": filepath.Join(k.dir, "cache")}[name]
	}
	p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: fullDisk{}, Err: &said, Env: env, Now: time.Now}}
	code := run(p, []string{"--chdir", k.dir, "apply", "--auto-approve"})
	if code != exitError || !strings.Contains(said.String(), "nothing was sent, because the plan could not be shown") {
		t.Errorf("exit %d: %s", code, said.String())
	}
}
