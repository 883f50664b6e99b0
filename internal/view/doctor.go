package view

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/mitchellh/go-wordwrap"

	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Doctor prints what was found out about accounts, and about the directory,
// for people.
func Doctor(w io.Writer, s Style, accounts []doctor.Report, directory []doctor.Finding) error {
	out := bufio.NewWriter(w)
	counts, calls := map[doctor.Result]int{}, 0
	section := func(heading string, findings []doctor.Finding) {
		out.WriteString(s.bold(safetext.Line(heading)) + "\n")
		for _, f := range findings {
			finding(out, s, f)
			counts[f.Result]++
		}
		out.WriteString("\n")
	}
	for _, r := range accounts {
		section(fmt.Sprintf("Account %s at %s", r.Account, endpoint.Shown(r.Endpoint)), r.Findings)
		calls += r.Calls
	}
	section("Directory", directory)
	fmt.Fprintf(out, "%s, %s, in %s.\n", plural(counts[doctor.Problem], "problem", "problems"),
		plural(counts[doctor.Warning], "warning", "warnings"), plural(calls, "call", "calls"))
	return out.Flush()
}

// resultWords are the results as people read them; the longest is 9 characters.
var resultWords = map[doctor.Result]string{
	doctor.OK: "ok", doctor.NotKnown: "not known", doctor.Warning: "warning", doctor.Problem: "problem",
}

// finding prints one line for what was found and, below it, what to do. Long
// ones are wrapped where a person looks at them; in a log, a line is a line.
func finding(out io.Writer, s Style, f doctor.Finding) {
	paint := map[doctor.Result]func(string) string{
		doctor.OK: s.green, doctor.NotKnown: s.faint, doctor.Warning: s.yellow, doctor.Problem: s.red,
	}[f.Result]
	label := fmt.Sprintf("  %s  %-13s  ", paint(fmt.Sprintf("%-9s", resultWords[f.Result])), strings.ReplaceAll(string(f.Check), "_", " "))
	const indent = 28
	wrapped := func(text string) string { return text }
	if s.Terminal {
		wrapped = func(text string) string { return wordwrap.WrapString(text, uint(max(s.Width, 60)-indent)) }
	}
	for _, text := range []string{f.Found, f.Remedy} {
		if text == "" {
			continue
		}
		for _, line := range strings.Split(wrapped(safetext.Line(text)), "\n") {
			fmt.Fprintf(out, "%s%s\n", label, line)
			label = strings.Repeat(" ", indent)
		}
	}
}

type doctorJSON struct {
	FormatVersion string              `json:"format_version"`
	Result        doctor.Result       `json:"result"`
	Accounts      []doctorAccountJSON `json:"accounts"`
	Directory     []findingJSON       `json:"directory"`
}

type doctorAccountJSON struct {
	Name     string        `json:"name"`
	Endpoint string        `json:"endpoint"`
	Calls    int           `json:"calls"`
	Checks   []findingJSON `json:"checks"`
	Known    knownJSON     `json:"known"`
}

type knownJSON struct {
	PageCap     *int    `json:"page_cap"`
	ListOrder   *string `json:"list_order"`
	DateField   *string `json:"date_field"`
	ClockOffset float64 `json:"clock_offset_seconds"`
}

type findingJSON struct {
	Check  doctor.Check  `json:"check"`
	Result doctor.Result `json:"result"`
	Found  string        `json:"found"`
	Remedy *string       `json:"remedy"`
}

// DoctorJSON is Doctor for programs, as one object.
func DoctorJSON(w io.Writer, _ Style, accounts []doctor.Report, directory []doctor.Finding) error {
	doc := doctorJSON{FormatVersion: formatVersion, Result: doctor.WorstOf(accounts, directory), Accounts: make([]doctorAccountJSON, len(accounts)), Directory: findingDocuments(directory)}
	for i, r := range accounts {
		doc.Accounts[i] = doctorAccountJSON{
			Name: r.Account, Endpoint: endpoint.Shown(r.Endpoint), Calls: r.Calls, Checks: findingDocuments(r.Findings),
			Known: knownJSON{
				ListOrder: nullable(string(r.Known.ListOrder)), DateField: nullable(string(r.Known.DateField)),
				ClockOffset: r.Known.ClockOffset.Seconds(),
			},
		}
		if r.Known.PageCap > 0 {
			doc.Accounts[i].Known.PageCap = &r.Known.PageCap
		}
	}
	return JSON(w, doc)
}

func findingDocuments(findings []doctor.Finding) []findingJSON {
	out := make([]findingJSON, len(findings))
	for i, f := range findings {
		out[i] = findingJSON{f.Check, f.Result, f.Found, nullable(f.Remedy)}
	}
	return out
}
