package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flags := flag.NewFlagSet("bench", flag.ExitOnError) // of its own: packages that it uses register flags too
	flags.StringVar(&o.root, "root", ".", "the module's `folder`")
	flags.StringVar(&o.only, "run", "", "measure only the parts whose names match this `regexp`, and print the result instead of writing it")
	flags.BoolVar(&o.long, "long", false, "measure what takes more than half an hour, and only that")
	flags.BoolVar(&o.quick, "quick", false, "a hundredth of the size, to see that the measuring works")
	_ = flags.Parse(os.Args[1:]) // it exits by itself
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	root  string
	only  string
	long  bool
	quick bool
}

// bench is one run of the whole.
type bench struct {
	options
	dir    string // for everything that is made up
	gdfctl string // the program
	// hastened is the program with times of a lease that fit a scaled run; empty until
	// that is built.
	hastened string
	report   report
	log      io.Writer
}

// part is something that is measured by itself.
type part struct {
	name    string
	measure func(context.Context, *bench) error
}

// parts is what is measured, in this order: what needs the cores first, each
// alone; then what mostly waits, side by side.
var parts = []part{
	{"start", measureStart},
	{"code", measureCode},
	{"rows", measureRows},
	{"blocks", measureBlocks},
	{"orders", measureOrders},
	{"accounts", measureAccounts},
	{"rate", measureRate},
	{"shared", measureShared},
	{"agents", measureAgents},
}

// longParts is what is measured with -long.
var longParts = []part{{"many", measureMany}, {"whole", measureWhole}}

// run measures all parts that are asked for, and writes or prints the report.
func run(ctx context.Context, o options, out io.Writer) error {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{options: o, dir: dir, gdfctl: filepath.Join(dir, "gdfctl"), log: out}
	all, marks := parts, benchMarks
	if o.long {
		all, marks = longParts, longMarks
	}
	began := time.Now()
	if err := b.build(ctx, b.gdfctl); err != nil {
		return err
	}
	for _, part := range all {
		if !only.MatchString(part.name) {
			continue
		}
		start := time.Now()
		if err := part.measure(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		fmt.Fprintf(out, "%-9s %4.0f s\n", part.name, time.Since(start).Seconds())
	}
	b.report.took, b.report.day, b.report.machine, b.report.quick = time.Since(began), began, machine(), o.quick
	if o.quick || o.only != "" {
		_, err := io.WriteString(out, "\n"+b.report.markdown())
		return err
	}
	if err := writeTo(filepath.Join(o.root, "docs", "performance.md"), marks, b.report.markdown()); err != nil || o.long {
		return err
	}
	return writeTo(filepath.Join(o.root, "docs", "scale.md"), marks, b.report.agentMarkdown())
}

// buildHastened makes the program of scaled runs.
func (b *bench) buildHastened(ctx context.Context) error {
	b.hastened = filepath.Join(b.dir, "gdfctl-hastened")
	return b.build(ctx, b.hastened, "-ldflags", fmt.Sprintf("-X github.com/gdfctl/gdfctl/internal/state/shared.hastened=%d", hastened))
}

// build makes the program as `make build` does.
func (b *bench) build(ctx context.Context, program string, flags ...string) error {
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-o", program}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, "./cmd/gdfctl")...)
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the program doesn't build: %w\n%s", err, out)
	}
	return nil
}

// size is a number of things, or a hundredth of it.
func (b *bench) size(n int) int {
	if b.quick {
		return max(n/100, 2)
	}
	return n
}

// say tells what is being measured.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.log, "  "+format+"\n", args...)
}
