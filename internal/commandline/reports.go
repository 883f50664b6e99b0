package commandline

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// CI are the flags that ask for what a CI system shows beside the output of a command.
type CI struct {
	Annotate string
	Summary  bool
}

// Register adds the flags.
func (f *CI) Register(cmd *cobra.Command) {
	f.RegisterAnnotate(cmd)
	f.RegisterSummary(cmd, "report")
}

// RegisterAnnotate adds --annotate alone.
func (f *CI) RegisterAnnotate(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.Annotate, "annotate", "", "mark what is wrong in the files of a pull request: `github`")
}

// RegisterSummary adds --summary alone, for what a command shows.
func (f *CI) RegisterSummary(cmd *cobra.Command, what string) {
	cmd.Flags().BoolVar(&f.Summary, "summary", false, "also add the "+what+" to the summary of this job of GitHub Actions")
}

// SummaryFile checks the flags, and names the file of the job's summary: none if nobody
// asked for it.
func (f *CI) SummaryFile(env func(string) string) (string, error) {
	if f.Annotate != "" && f.Annotate != "github" {
		return "", Usagef("--annotate must be github; for other systems, use --format junit")
	}
	if !f.Summary {
		return "", nil
	}
	const variable = "GITHUB_STEP_SUMMARY"
	file := env(variable)
	if file == "" {
		return "", Usagef("--summary is for jobs of GitHub Actions, which set %s; elsewhere, use --format markdown. Nothing was changed", variable)
	}
	return file, nil
}

// Reports are the flags that name files for the report in other forms, beside the
// normal output.
type Reports struct{ Markdown, HTML string }

// Register adds the flags.
func (f *Reports) Register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.Markdown, "markdown", "", "also write the report to this `file`, as Markdown")
	cmd.Flags().StringVar(&f.HTML, "html", "", "also write the report to this `file`, with every order, as one page of HTML")
}

// Check finds out before anything is read or sent that a file's folder is not there.
func (f *Reports) Check() error {
	for _, report := range []struct{ flag, file string }{{"--markdown", f.Markdown}, {"--html", f.HTML}} {
		if report.file == "" {
			continue
		}
		if info, err := os.Stat(filepath.Dir(report.file)); err != nil || !info.IsDir() {
			return fmt.Errorf("%s: %s is not a folder, so %s can't be written. Nothing was changed", report.flag, safetext.Line(filepath.Dir(report.file)), safetext.Line(report.file))
		}
	}
	return nil
}
