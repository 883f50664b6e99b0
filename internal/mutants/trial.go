package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// ending is how the trial of a mutant ended.
type ending string

// The endings. All but caught are faults of the suite, or of the mutant.
const (
	caught   ending = "caught"
	missed   ending = "MISSED"
	stale    ending = "DOESN'T FIT"   // the code has changed
	notBuilt ending = "DOESN'T BUILD" // the compiler noticed, which is no test
	timedOut ending = "TOO SLOW"      // who runs into it learns nothing
)

// result is an ending with what led to it.
type result struct {
	ending ending
	by     string // the test that caught it
	took   time.Duration
	why    string // of all but caught: what there is to see
}

// trials tries mutants on a copy of the sources.
type trials struct {
	tree    string        // the copy
	scratch string        // a folder for mutated files
	limit   time.Duration // of the tests of one mutant
	goflags string        // that the go command is given anyway
	stores  string        // the folder of the servers that tests need, which the copy lacks
}

// baseline runs the tests of all mutants on the sources as they are: a test
// that is red anyway catches nothing.
func (t *trials) baseline(ctx context.Context, mutants []*mutant) error {
	patterns := map[string][]string{}
	for _, m := range mutants {
		if !slices.Contains(patterns[m.pkg], m.tests) {
			patterns[m.pkg] = append(patterns[m.pkg], m.tests)
		}
	}
	for pkg, tests := range patterns {
		r, err := t.goTest(ctx, pkg, strings.Join(tests, "|"), "")
		if err != nil {
			return err
		}
		if r.failed || !r.ran {
			return fmt.Errorf("the tests of %s must be green before a bug is planted:\n%s", pkg, tail(r.output))
		}
	}
	return nil
}

// try plants one mutant and runs the tests that must notice it. The error is
// that nothing could be found out.
func (t *trials) try(ctx context.Context, m *mutant) (result, error) {
	began := time.Now()
	overlay, err := t.overlay(m)
	if err != nil {
		return result{ending: stale, why: err.Error()}, nil
	}
	r, err := t.goTest(ctx, m.pkg, m.tests, overlay)
	if err != nil {
		return result{}, err
	}
	out := result{took: time.Since(began), why: tail(r.output)}
	switch {
	case r.notBuilt:
		out.ending = notBuilt
	case r.timedOut:
		out.ending = timedOut
	case !r.failed:
		out.ending = missed
	default:
		out.ending, out.by, out.why = caught, r.by, ""
	}
	return out, nil
}

// overlay writes the mutated files, and the list by which the go command takes
// them for those of the tree (go help build, -overlay). It returns the list's
// name.
func (t *trials) overlay(m *mutant) (string, error) {
	mutated, err := m.apply(os.DirFS(t.tree))
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(t.scratch, m.name)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name, text := range mutated {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(t.tree, filepath.FromSlash(name))] = file
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, list, 0o600)
}

// goTest runs tests of one package. The error is that there is no report: the
// go command could not be run, or said nothing about tests.
func (t *trials) goTest(ctx context.Context, pkg, pattern, overlay string) (testReport, error) {
	// Without the paths of the copy, what was compiled serves the next time.
	args := []string{
		"test", "-json", "-short", "-failfast", "-count=1", "-vet=off", "-trimpath", "-buildvcs=false",
		"-timeout", t.limit.String(), "-run", pattern,
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+pkg)...)
	cmd.Dir = t.tree
	// Killed, the go command would leave the tests running.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(cmd.Environ(), "GDF_STORES="+t.stores, "GDF_REQUIRE_STORES=1") // a test that is skipped catches nothing
	if overlay != "" {
		// By the environment, so that a test that builds the program builds
		// this one.
		cmd.Env = append(cmd.Env, "GOFLAGS="+strings.TrimSpace(t.goflags+" -overlay="+overlay))
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if ctx.Err() != nil {
		return testReport{}, ctx.Err()
	}
	r := readReport(stdout)
	r.output += stderr.String()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return r, err
	}
	if err != nil && !r.failed && !r.notBuilt {
		return r, fmt.Errorf("go test ./%s: %w\n%s", pkg, err, tail(r.output))
	}
	return r, nil
}

// tail is the end of what a run printed, indented.
func tail(output string) string {
	const most = 20
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if len(lines) > most {
		lines = append([]string{"…"}, lines[len(lines)-most:]...)
	}
	return "\t" + strings.Join(lines, "\n\t")
}
