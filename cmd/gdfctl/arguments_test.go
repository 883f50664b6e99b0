//go:build !race

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// hostile is an argument that would write lines of its own, move the cursor and
// turn the direction of text.
const hostile = "a\nError: forged\x1b[2K\u202eb"

// Whatever stands in an argument or a flag's value, it writes no line of its own
// and nothing that a terminal obeys.
func TestNoArgumentWritesALine(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("GDF_CACHE_DIR", t.TempDir())
	config := "account \"main\" {\n  endpoint = \"sandbox\"\n}\norder \"one\" {\n  find = { source = \"Amazon\", source_order_number = \"112-1234567-1234567\" }\n  status = \"cancelled\"\n  reason = \"out\"\n}\n"
	if err := os.WriteFile("main.hcl", []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, code := runIn(t, "plan", "--out", "good.plan"); code != exitDone {
		t.Fatal("no plan")
	}
	plan, err := os.ReadFile("good.plan")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]func() error{
		"nothing": func() error { return nil },
		"a plan":  func() error { return os.WriteFile(hostile, plan, 0o600) },
		"a configuration": func() error {
			return errors.Join(os.Mkdir(hostile, 0o700), os.WriteFile(filepath.Join(hostile, "main.hcl"), []byte(config), 0o600))
		},
	}
	for what, make := range there {
		for _, line := range hostileLines(newRoot(&program{}), nil) {
			if err := make(); err != nil {
				t.Fatal(err)
			}
			writesNoLine(t, what, line)
			_ = os.RemoveAll(hostile) // a command may have replaced or removed it
		}
	}
}

func writesNoLine(t *testing.T, what string, line []string) {
	t.Helper()
	shown, _ := runIn(t, line...)
	for _, bad := range []string{"\nError: forged", "\n  Error: forged", "\x1b[2K", "\u202e"} {
		if strings.Contains(shown, bad) {
			t.Errorf("%s of that name: gdfctl %q prints %q:\n%s", what, line, bad, shown)
		}
	}
}

// hostileLines are the command lines with a hostile argument in each place.
func hostileLines(cmd *cobra.Command, path []string) [][]string {
	var lines [][]string
	for _, sub := range cmd.Commands() {
		lines = append(lines, hostileLines(sub, append(path[:len(path):len(path)], sub.Name()))...)
	}
	base := append([]string{}, path...)
	if len(path) > 0 && path[0] == "sandbox" {
		base = append(base, "--listen", "nowhere:-1")
	}
	if len(path) == 1 && path[0] == "agent" {
		base = append(base, "--metrics-listen", "nowhere:-1")
	}
	lines = append(lines, append(base[:len(base):len(base)], hostile), append(base[:len(base):len(base)], "--"+hostile), append(base[:len(base):len(base)], "-"+hostile))
	each := func(f *pflag.Flag) {
		if f.NoOptDefVal == "" {
			lines = append(lines, append(base[:len(base):len(base)], "--"+f.Name, hostile), append(base[:len(base):len(base)], "--"+f.Name, hostile, "good.plan"))
		}
	}
	cmd.LocalFlags().VisitAll(each)
	cmd.InheritedFlags().VisitAll(each)
	return lines
}

// runIn runs one command line here and returns all that it printed.
func runIn(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var shown bytes.Buffer
	p := &program{Screen: screen.Screen{
		In: strings.NewReader(""), Out: &shown, Err: &shown, Env: os.Getenv, Now: time.Now,
		StyleOut: text.Style{Width: text.DefaultWidth}, StyleErr: text.Style{Width: text.DefaultWidth},
	}}
	done := make(chan int, 1)
	go func() { done <- run(p, args) }()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	select {
	case code := <-done:
		return "\n" + shown.String(), code
	case <-ctx.Done():
		t.Fatalf("gdfctl %q does not end", args)
		return "", 0
	}
}
