package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/screen"
)

// serveSandbox runs the command until stop is called, and returns what it
// printed up to the two exports.
func serveSandbox(t *testing.T, args ...string) (url string, printed []string, stop func() int) {
	t.Helper()
	out, in := io.Pipe()
	p := &program{Screen: screen.Screen{In: strings.NewReader(""), Out: in, Err: t.Output(), Env: func(string) string { return "" }, Now: time.Now}}
	root := newRoot(p)
	root.SetArgs(append([]string{"sandbox"}, args...))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- root.ExecuteContext(ctx)
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		printed = append(printed, lines.Text())
		if rest, ok := strings.CutPrefix(lines.Text(), "The sandbox answers on "); ok {
			url = rest
		}
		if strings.Contains(lines.Text(), "Ctrl-C") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return url, printed, func() int {
		cancel()
		return exitCode(ctx, <-ended)
	}
}

func TestSandboxServesUntilInterrupted(t *testing.T) {
	file := t.TempDir() + "/world.json"
	url, printed, stop := serveSandbox(t, "--control", "--orders", "3", "--file", file)
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("it serves on %q", url)
	}
	if want := "  export GDF_ENDPOINT=" + url + " GDF_CONSUMER_KEY=sandbox"; !strings.Contains(strings.Join(printed, "\n"), want) {
		t.Errorf("no %q in %q", want, printed)
	}
	response, err := http.Get(url + "/_sandbox/truth")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil || strings.Count(string(body), `"write_count"`) != 3 {
		t.Errorf("%v: %s", err, body)
	}
	if code := stop(); code != exitDone {
		t.Errorf("exit %d", code)
	}
	if _, err := http.Get(url + "/_sandbox/truth"); err == nil {
		t.Error("it still answers")
	}
}

func TestSandboxDoesntRepeatAKeyThatWasChosen(t *testing.T) {
	_, printed, stop := serveSandbox(t, "--consumer-key", "canary-key")
	if strings.Contains(strings.Join(printed, "\n"), "canary-key") {
		t.Errorf("%q", printed)
	}
	if code := stop(); code != exitDone {
		t.Errorf("exit %d", code)
	}
}
