package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/mitchellh/go-wordwrap"

	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Doctor prints what was found out about accounts, and about the directory.
func Doctor(w io.Writer, s Style, r *report.Doctor) error {
	out := bufio.NewWriter(w)
	section := func(heading string, checks []report.DoctorCheck) {
		out.WriteString(s.bold(safetext.Line(heading)) + "\n")
		for _, c := range checks {
			finding(out, s, c)
		}
		out.WriteString("\n")
	}
	for _, a := range r.Accounts {
		section(fmt.Sprintf("Account %s at %s", a.Name, a.Endpoint), a.Checks)
	}
	section("Directory", r.Directory)
	if r.CI != nil {
		section("CI", r.CI)
	}
	fmt.Fprintf(out, "%s, %s, in %s.\n", plural(r.Counts[doctor.Problem], "problem", "problems"),
		plural(r.Counts[doctor.Warning], "warning", "warnings"), plural(r.Calls, "call", "calls"))
	return out.Flush()
}

// resultWords are the results as people read them; the longest is 9 characters.
var resultWords = map[doctor.Result]string{
	doctor.OK: "ok", doctor.NotKnown: "unknown", doctor.Warning: "warning", doctor.Problem: "problem",
}

// finding prints one line for what was found and, below it, what to do. Long
// ones are wrapped where a person looks at them; in a log, a line is a line.
func finding(out io.Writer, s Style, f report.DoctorCheck) {
	paint := map[doctor.Result]func(string) string{
		doctor.OK: s.green, doctor.NotKnown: s.faint, doctor.Warning: s.yellow, doctor.Problem: s.red,
	}[f.Result]
	label := fmt.Sprintf("  %s  %-13s  ", paint(fmt.Sprintf("%-9s", resultWords[f.Result])), strings.ReplaceAll(string(f.Check), "_", " "))
	const indent = 28
	wrapped := func(text string) string { return text }
	if s.Terminal {
		wrapped = func(text string) string { return wordwrap.WrapString(text, uint(max(s.Width, 60)-indent)) }
	}
	for _, text := range []*string{&f.Found, f.Remedy} {
		if text == nil {
			continue
		}
		for said := range strings.SplitSeq(strings.TrimRight(*text, "\n"), "\n") {
			for line := range strings.SplitSeq(wrapped(safetext.Line(said)), "\n") {
				fmt.Fprintln(out, strings.TrimRight(label+line, " "))
				label = strings.Repeat(" ", indent)
			}
		}
	}
}
