package watch

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Outcome is how one rule ended for one feed.
type Outcome string

// Unknown does not mean passed: the value is missing, or there is no history yet.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown"
)

// Severity says how much a failure matters. A rule that is off has no result.
type Severity string

// Only a failure of severity Error makes `feeds check` exit 4.
const (
	Error Severity = "error"
	Warn  Severity = "warning"
)

// severityOf reads the word of a configuration, in which "warn" means a warning.
func severityOf(word string) Severity {
	if word == "warn" {
		return Warn
	}
	return Severity(word)
}

// UnmarshalText reads a severity that an earlier version remembered.
func (s *Severity) UnmarshalText(text []byte) error {
	*s = severityOf(string(text))
	return nil
}

// Result is the outcome of one rule for one feed. It holds names, counts and dates,
// and nothing of a feed's rows.
type Result struct {
	Watch    string `json:"watch"`
	Account  string `json:"account"`
	FeedID   string `json:"feed_id"`   // empty where no feed's name matches the watch
	FeedName string `json:"feed_name"` // empty where a watch names an id that no feed has
	// Rule is the attribute's name, like "max_age" or "content.unique", or
	// "rule NAME" for an own rule. "status", "empty" and "gone" hold always.
	Rule      string     `json:"rule"`
	ID        string     `json:"id,omitempty"` // FD02, FC03; empty for custom rules
	Outcome   Outcome    `json:"result"`
	Severity  Severity   `json:"severity"`
	Value     string     `json:"value"`   // measured, as shown: "31 h", "2.4 %", "5,546 items"; empty only where nothing could be measured
	Message   string     `json:"message"` // of a failure: what is wrong and what to do; of an unknown: why
	DefinedAt spec.Place `json:"defined_at"`
}

// Fails reports whether a rule of severity Error fails.
func (r *Result) Fails() bool { return r.Outcome == Fail && r.Severity == Error }

// Report is what one look at the feeds found.
type Report struct {
	At      time.Time
	Results []Result // by watch, feed name, feed id, and the order of the rules
	Feeds   int      // that at least one watch means
	Calls   int      // made for it, without those for tokens
	Watched []Watched
	// Accounts that watches are about, by name. Of one that could not be read
	// there is no result, which is not to be taken for one that passes.
	Accounts []AccountRead
}

// AccountRead says whether an account's feeds could be read.
type AccountRead struct {
	Name string
	Err  error // why they could not; nil if they were
}

// Unread are the accounts that could not be read.
func (r *Report) Unread() []AccountRead {
	var unread []AccountRead
	for _, a := range r.Accounts {
		if a.Err != nil {
			unread = append(unread, a)
		}
	}
	return unread
}

// Watched is a feed that at least one watch means, as the look found it. One
// that is gone is not among them.
type Watched struct {
	Account string
	Feed    godatafeed.Feed
}
