package view

import (
	"cmp"
	"encoding/xml"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// JUnit writes a report in the form in which CI systems show tests: a suite for
// each watch, a test for each rule on each feed. Only a failure of severity
// error is one there, as for the exit code; a warning, and what is not known,
// is a test that was skipped, and says so: neither passes. An account that
// could not be read is an error.
func JUnit(w io.Writer, r watch.Report) error {
	doc := junitSuites{Name: "gdfctl feeds check"}
	for _, g := range watchesOf(r.Results) {
		suite := junitSuite{Name: g.name, Timestamp: r.At.UTC().Format(time.RFC3339)}
		for _, f := range g.feeds {
			for i := range f.results {
				c := junitCaseOf(f.name, &f.results[i])
				suite.Cases = append(suite.Cases, c)
				suite.Tests++
				if c.Failure != nil {
					suite.Failures++
				}
				if c.Skipped != nil {
					suite.Skipped++
				}
			}
		}
		doc.Suites = append(doc.Suites, suite)
		doc.Tests += suite.Tests
		doc.Failures += suite.Failures
		doc.Skipped += suite.Skipped
	}
	for _, a := range r.Unread() {
		doc.Suites = append(doc.Suites, junitSuite{
			Name: "account " + a.Name, Tests: 1, Errors: 1, Timestamp: r.At.UTC().Format(time.RFC3339),
			Cases: []junitCase{{Class: "account " + a.Name, Name: "read the feeds", Error: &junitReason{Message: safetext.Line(a.Err.Error())}}},
		})
		doc.Tests++
		doc.Errors++
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// junitCaseOf is the test of one rule on a feed. What a failure measured stands
// in the failure, and is not said twice.
func junitCaseOf(feed string, res *watch.Result) junitCase {
	c := junitCase{
		Class: safetext.Line(res.Watch) + "." + feed, Name: ruleTitle(res),
		File: res.DefinedAt.File, Line: res.DefinedAt.Line, Output: measured(res),
	}
	message := safetext.Line(cmp.Or(res.Message, res.Value))
	switch standingOf(res) {
	case notKnown:
		c.Skipped = &junitReason{Message: "not known: " + message}
	case failing:
		c.Failure = &junitReason{Message: message, Type: cmp.Or(res.ID, safetext.Line(res.Rule)), Text: c.Output}
		c.Output = ""
	case warning:
		c.Skipped = &junitReason{Message: "warning: " + message}
	}
	return c
}

// ruleTitle is a rule with its identifier, if it has one.
func ruleTitle(res *watch.Result) string {
	if res.ID == "" {
		return safetext.Line(res.Rule)
	}
	return safetext.Line(res.Rule + " (" + res.ID + ")")
}

func measured(res *watch.Result) string {
	if res.Value == "" {
		return ""
	}
	return "measured: " + safetext.Line(res.Value)
}

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string      `xml:"name,attr"`
	Tests     int         `xml:"tests,attr"`
	Failures  int         `xml:"failures,attr"`
	Errors    int         `xml:"errors,attr"`
	Skipped   int         `xml:"skipped,attr"`
	Timestamp string      `xml:"timestamp,attr"`
	Cases     []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	File    string       `xml:"file,attr,omitempty"`
	Line    int          `xml:"line,attr,omitempty"`
	Failure *junitReason `xml:"failure"`
	Error   *junitReason `xml:"error"`
	Skipped *junitReason `xml:"skipped"`
	Output  string       `xml:"system-out,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}
