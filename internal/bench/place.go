package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// place is a directory with a configuration, and a cache of its own: no run
// inherits the level of another one's call limit.
type place struct {
	b   *bench
	dir string
	env []string

	program string
	said    bytes.Buffer // by the last run, up to mostSaid
}

// mostSaid is how much is kept of what a run prints.
const mostSaid = 1 << 16

func (b *bench) newPlace(name, endpoint string) (*place, error) {
	p := &place{b: b, dir: filepath.Join(b.dir, name), program: b.gdfctl}
	p.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "GDF_CACHE_DIR=" + filepath.Join(p.dir, "cache"),
		"GDF_ENDPOINT=" + endpoint, "GDF_CONSUMER_KEY=sandbox",
	}
	return p, os.MkdirAll(p.dir, 0o700)
}

func (p *place) write(name, text string) error {
	return os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600)
}

// usage is what a run of gdfctl took.
type usage struct {
	wall  time.Duration
	cpu   time.Duration // user and system
	first time.Duration // until its first byte on standard output
	peak  float64       // the most memory that was resident at a time, in bytes
}

// run runs gdfctl in the place. It must end with 0.
func (p *place) run(ctx context.Context, args ...string) (usage, error) {
	cmd := exec.CommandContext(ctx, p.program, args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	began := time.Now()
	out := &watched{began: began, said: &p.said}
	var problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &problems
	err := cmd.Run()
	u := usage{wall: time.Since(began), first: out.first}
	if err != nil {
		return u, fmt.Errorf("gdfctl %s: %w\n%s%s", strings.Join(args, " "), err, out.tail, last(problems.Bytes()))
	}
	u.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	u.peak, err = peak(cmd.ProcessState)
	return u, err
}

// runSaying runs gdfctl, which says one object of JSON.
func (p *place) runSaying(ctx context.Context, object any, args ...string) (usage, error) {
	p.said.Reset()
	u, err := p.run(ctx, args...)
	if err == nil {
		err = json.Unmarshal(p.said.Bytes(), object)
	}
	return u, err
}

// runs runs gdfctl a few times, and returns the run of median CPU time.
func (p *place) runs(ctx context.Context, times int, args ...string) (usage, error) {
	all := make([]usage, times)
	for i := range all {
		var err error
		if all[i], err = p.run(ctx, args...); err != nil {
			return usage{}, err
		}
	}
	slices.SortFunc(all, func(a, b usage) int { return int(a.cpu - b.cpu) })
	return all[times/2], nil
}

// watched is a standard output of which the first moment and the end are kept.
type watched struct {
	began time.Time
	first time.Duration
	tail  []byte
	said  *bytes.Buffer // the beginning
}

// Write takes what was printed.
func (w *watched) Write(text []byte) (int, error) {
	if w.first == 0 {
		w.first = time.Since(w.began)
	}
	w.tail = last(append(w.tail, text...))
	w.said.Write(text[:min(len(text), max(0, mostSaid-w.said.Len()))])
	return len(text), nil
}

// last is the end of a text, for an error.
func last(text []byte) []byte { return text[max(0, len(text)-2000):] }
