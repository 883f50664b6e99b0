package text

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Written says which file was written, and how much of something is in it.
func Written[N words.Integer](w io.Writer, file string, n N, one, many string) error {
	_, err := fmt.Fprintf(w, "Wrote %s: %s.\n", safetext.Line(file), words.Count(n, one, many))
	return err
}

// Files says which files were written, and which were there already.
func Files(w io.Writer, written, kept []string) {
	for _, name := range written {
		fmt.Fprintf(w, "Wrote %s\n", name)
	}
	for _, name := range kept {
		fmt.Fprintf(w, "Kept %s, which was there already\n", name)
	}
}

// Initialized says what a new configuration is, and which command looks at it.
func Initialized(w io.Writer, plan string) {
	fmt.Fprintf(w, "\nIt runs on the built-in simulator: nothing reaches a marketplace. See what it would change:\n  %s\n", plan)
}

// Pipeline says what comes after a pipeline was written.
func Pipeline(w io.Writer, s Style, steps []string) {
	fmt.Fprintf(w, "\nWhat comes next, in this order:\n")
	for i, step := range steps {
		Step(w, s, i+1, step)
	}
	fmt.Fprintf(w, "\ndocs/ci.md of gdfctl explains each step.\n")
}

// Build says what the program was built from.
func Build(w io.Writer, _ Style, b report.Build) error {
	_, err := fmt.Fprintf(w, "gdfctl %s\n%s %s/%s\n", b.Version, b.Go, b.OS, b.Arch)
	if err == nil && b.Revision != "" {
		changed := ""
		if b.Modified {
			changed = ", modified"
		}
		_, err = fmt.Fprintf(w, "revision %s of %s%s\n", b.Revision, b.Time, changed)
	}
	return err
}

// Valid says that a configuration is valid, and what is in it.
func Valid(w io.Writer, orders, standing, watches int) {
	what := words.Count(orders, "order", "orders")
	if standing > 0 {
		what += ", " + words.Count(standing, "standing order", "standing orders")
	}
	if watches > 0 {
		what += ", " + words.Count(watches, "watch", "watches")
	}
	fmt.Fprintf(w, "The configuration is valid: %s.\n", what)
}
