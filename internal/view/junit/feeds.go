package junit

import (
	"cmp"
	"io"
	"time"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/watch"
)

// Feeds writes a report in the form in which CI systems show tests: a suite for
// each watch, a test for each rule on each feed. Only a failure of severity
// error is one there, as for the exit code; a warning, and what is not known,
// is a test that was skipped, and says so: neither passes. An account that
// could not be read is an error.
func Feeds(w io.Writer, r *report.FeedsCheck) error {
	at := r.At.UTC().Format(time.RFC3339)
	var all []suite
	for _, g := range r.Watches {
		s := suite{Name: safetext.Line(g.Name), Timestamp: at}
		for _, f := range g.Feeds {
			for i := range f.Results {
				s.add(caseOf(f.Name, &f.Results[i]))
			}
		}
		all = append(all, s)
	}
	for _, a := range r.Unread {
		s := suite{Name: "account " + safetext.Line(a.Name), Timestamp: at}
		s.add(testcase{Class: s.Name, Name: "read the feeds", Error: because(a.Err.Error(), "")})
		all = append(all, s)
	}
	return writeSuites(w, "gdfctl feeds check", all...)
}

// caseOf is the test of one rule on a feed. What a failure measured stands
// in the failure, and is not said twice.
func caseOf(feed string, res *watch.Result) testcase {
	c := testcase{
		Class: safetext.Line(res.Watch) + "." + feed, Name: safetext.Line(report.RuleTitle(res)),
		Output: measured(res),
	}
	message := safetext.Line(cmp.Or(res.Message, res.Value))
	switch report.StandingOf(res) {
	case report.Unknown:
		c.Skipped = &reason{Message: "unknown: " + message}
	case report.Failing:
		c.Failure = &reason{Message: message, Type: cmp.Or(res.ID, safetext.Line(res.Rule)), Text: c.Output}
		c.Output = ""
	case report.Warning:
		c.Skipped = &reason{Message: "warning: " + message}
	}
	return c.at(res.DefinedAt)
}

func measured(res *watch.Result) string {
	if res.Value == "" {
		return ""
	}
	return "measured: " + safetext.Line(res.Value)
}
