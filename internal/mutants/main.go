package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"
)

// errNotCaught means that the run came to its end, and not well.
var errNotCaught = errors.New("not every mutant is caught")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.StringVar(&o.root, "root", ".", "the module's folder")
	flag.StringVar(&o.only, "run", "", "try only the mutants whose names match this `regexp`")
	flag.IntVar(&o.jobs, "jobs", 2, "how many are tried at once")
	flag.DurationVar(&o.limit, "timeout", 3*time.Minute, "how long the tests of one mutant may run")
	flag.Parse()
	err := run(ctx, o, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
	}
	switch {
	case errors.Is(err, errNotCaught):
		os.Exit(1)
	case err != nil:
		os.Exit(2)
	}
}

type options struct {
	root  string
	only  string
	jobs  int
	limit time.Duration
}

// run tries all mutants and prints a table. The error is errNotCaught, or what
// kept it from finding out.
func run(ctx context.Context, o options, out io.Writer) error {
	began := time.Now()
	mutants, err := choose(o)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	root, err := filepath.Abs(o.root)
	if err != nil {
		return err
	}
	t := &trials{tree: filepath.Join(dir, "tree"), scratch: dir, limit: o.limit, goflags: os.Getenv("GOFLAGS"), stores: filepath.Join(root, "bin")}
	if err := copyTree(t.tree, o.root); err != nil {
		return err
	}
	if err := t.baseline(ctx, mutants); err != nil {
		return err
	}
	fmt.Fprintf(out, "The tests are green without a bug (%.0f s). Now with one at a time:\n\n", time.Since(began).Seconds())
	faults, err := t.tryAll(ctx, mutants, o.jobs, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%d of %d mutants are caught, %.0f s.\n", len(mutants)-faults, len(mutants), time.Since(began).Seconds())
	if faults > 0 {
		return errNotCaught
	}
	return nil
}

// choose reads the mutants that are asked for.
func choose(o options) ([]*mutant, error) {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return nil, err
	}
	all, err := readMutants(os.DirFS(filepath.Join(o.root, "testdata", "mutants")))
	if err != nil {
		return nil, err
	}
	chosen := slices.DeleteFunc(all, func(m *mutant) bool { return !only.MatchString(m.name) })
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no mutant's name matches %q", o.only)
	}
	return chosen, nil
}

// tryAll tries some mutants at a time and prints the results in order. It
// returns how many were not caught.
func (t *trials) tryAll(ctx context.Context, mutants []*mutant, jobs int, out io.Writer) (faults int, _ error) {
	var working sync.WaitGroup
	defer working.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		result
		err error
	}
	answers := make([]chan answer, len(mutants))
	slots := make(chan struct{}, max(jobs, 1))
	width := 0
	for i, m := range mutants {
		answers[i] = make(chan answer, 1)
		width = max(width, len(m.name))
	}
	working.Go(func() {
		for i, m := range mutants {
			slots <- struct{}{}
			working.Go(func() {
				r, err := t.try(ctx, m)
				answers[i] <- answer{r, err}
				<-slots
			})
		}
	})
	for i, m := range mutants {
		a := <-answers[i]
		if a.err != nil {
			return 0, fmt.Errorf("%s: %w", m.name, a.err)
		}
		fmt.Fprintf(out, "%-*s  %-6s %5.1f s  %s\n", width, m.name, a.ending, a.took.Seconds(), a.by)
		if a.ending != caught {
			faults++
			fmt.Fprintf(out, "\t%s\n\tThe tests %s of ./%s should have noticed.\n%s\n", m.breaks, m.tests, m.pkg, a.why)
		}
	}
	return faults, nil
}
