package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/junit"
	"github.com/gdfctl/gdfctl/internal/view/markdown"
	"github.com/gdfctl/gdfctl/internal/view/prometheus"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// feedsReports are the files that a check of feeds is written to, for others
// than the person at the terminal.
type feedsReports struct{ junit, markdown, prometheus string }

func (f *feedsReports) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.junit, "junit", "", "write the results to this `file` too, as JUnit XML")
	flags.StringVar(&f.markdown, "markdown", "", "write what is not well to this `file` too, as Markdown")
	flags.StringVar(&f.prometheus, "prometheus", "", "write the results to this `file` too, for Prometheus' textfile collector")
}

// write writes all files that are asked for; one that can't be written is no
// reason to leave out the others.
func (f *feedsReports) write(r watch.Report) error {
	var failed []error
	found := report.NewFeedsCheck(r, nil, 0)
	for _, file := range []struct {
		path string
		view func(io.Writer, *report.FeedsCheck) error
	}{{f.junit, junit.Feeds}, {f.markdown, markdown.Feeds}, {f.prometheus, prometheus.Feeds}} {
		if file.path == "" {
			continue
		}
		failed = append(failed, replaceFile(file.path, 0o644, func(f *os.File) error {
			if err := file.view(f, found); err != nil {
				return fmt.Errorf("%s can't be written: %w", file.path, bare(err))
			}
			return nil
		}))
	}
	return errors.Join(failed...)
}
