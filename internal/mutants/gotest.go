package main

import (
	"bytes"
	"encoding/json"
	"strings"
)

// testReport is what a run of `go test -json` came to.
type testReport struct {
	ran      bool   // a test ran to its end
	failed   bool   // a test, or the test program
	by       string // the first test that failed
	notBuilt bool
	timedOut bool
	output   string // what the tests and the compiler printed
}

// testEvent is one line of `go test -json` (go doc test2json). Lines about the
// building of packages have an import path instead of a package.
type testEvent struct {
	Action string
	Test   string
	Output string
}

// readReport reads the lines of `go test -json`. What is none of them is
// printed text too.
func readReport(stdout []byte) testReport {
	var r testReport
	var output strings.Builder
	for line := range bytes.Lines(stdout) {
		var e testEvent
		if json.Unmarshal(line, &e) != nil {
			output.Write(line)
			continue
		}
		output.WriteString(e.Output)
		switch e.Action {
		case "pass":
			r.ran = r.ran || e.Test != ""
		case "fail":
			r.failed = true
			if r.by == "" && e.Test != "" { // a subtest is told before the one around it
				r.by = e.Test
			}
		case "build-fail":
			r.notBuilt = true
		case "output":
			r.timedOut = r.timedOut || strings.HasPrefix(e.Output, "panic: test timed out after")
		}
	}
	r.output = output.String()
	return r
}
