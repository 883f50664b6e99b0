package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/gdfctl/gdfctl/internal/audit"
	"github.com/gdfctl/gdfctl/internal/canary"
	"github.com/gdfctl/gdfctl/internal/reconcile"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/screen"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gdfctl": transcribed})
}

// TestScript runs testdata/script: one topic a script, its first word the
// command, with the real main. GDFCTL_UPDATE_SCRIPTS=1 rewrites what cmp
// compares with.
//
// Each command starts a process, which takes three times longer with the race
// detector. A script that skips itself there shows texts and files of commands
// that other scripts run with the detector: TestEveryCommandIsRaced.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"serve": serve},
		Condition: func(name string) (bool, error) {
			if name != "race" {
				return false, fmt.Errorf("there is no condition %q", name)
			}
			return raced, nil
		},
		UpdateScripts: os.Getenv("GDFCTL_UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir+"/home")
			env.Setenv("XDG_CACHE_HOME", env.WorkDir+"/home/cache")
			env.Setenv("GDF_CACHE_DIR", env.WorkDir+"/cache")
			env.Setenv("NO_COLOR", "1")
			env.Setenv(transcriptVariable, env.WorkDir+"/.transcript")
			env.Defer(func() { noLeaks(t, env.WorkDir) })
			env.Setenv("GORACE", "atexit_sleep_ms=10") // the race detector would wait a second at each exit
			return setKeys(env)
		},
	})
}

// serve is `serve FLAGS`: gdfctl's own sandbox with these flags, until the
// script ends. The environment then points to it.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	said, says := io.Pipe()
	p := &program{Screen: screen.Screen{Out: says, Err: io.Discard, Env: os.Getenv, Now: time.Now}}
	cmd := newSandbox(p)
	cmd.SetArgs(append(args, "--listen", "127.0.0.1:0"))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		err := cmd.ExecuteContext(ctx)
		says.CloseWithError(err)
		ended <- err
	}()
	lines := bufio.NewScanner(said)
	if !lines.Scan() {
		ts.Fatalf("the sandbox does not answer: %v", lines.Err())
	}
	go io.Copy(io.Discard, said)
	ts.Setenv("GDF_ENDPOINT", strings.TrimPrefix(lines.Text(), "The sandbox answers on "))
	ts.Setenv("GDF_CONSUMER_KEY", sandbox.DefaultConsumerKey)
	ts.Defer(func() {
		stop()
		ts.Check(<-ended)
	})
}

// setKeys makes keys for scripts that sign the audit record: a pair, its secret
// part alone, and the public half of another pair of that name.
func setKeys(env *testscript.Env) error {
	private, public, err := audit.NewKeys("example.com/shop")
	if err != nil {
		return err
	}
	_, other, err := audit.NewKeys("example.com/shop")
	env.Setenv("PRIVATE", private)
	env.Setenv("SECRET", strings.SplitN(private, "+", 5)[4])
	env.Setenv("PUBLIC", public)
	env.Setenv("OTHER", other)
	return err
}

// transcriptVariable names the file to which what the program prints goes too.
const transcriptVariable = "GDFCTL_TEST_TRANSCRIPT"

// transcribed is the real main, and writes down what it prints, unless buyers
// were asked for.
func transcribed() {
	p := ofProcess()
	if path := os.Getenv(transcriptVariable); path != "" && !slices.Contains(os.Args, "--with-pii") {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			panic(err)
		}
		p.Out, p.Err = io.MultiWriter(p.Out, f), io.MultiWriter(p.Err, f)
	}
	os.Exit(run(p, os.Args[1:]))
}

// noLeaks looks for keys, tokens and buyers in all that a test printed and
// wrote.
func noLeaks(t *testing.T, dir string) {
	t.Helper()
	what, err := canary.FindInFiles(dir, func(name string) bool { return strings.HasSuffix(name, ".with-pii") }, reconcile.InsideKey)
	if err != nil || what != "" {
		t.Errorf("%s %v", what, err)
	}
}
