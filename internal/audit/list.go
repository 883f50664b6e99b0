package audit

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"
)

// Filter chooses records. An empty field chooses all.
type Filter struct {
	Any    string // a name of an order: all entries of the order, whatever numbers they name
	RunID  string // of the run that made the call, or learned its outcome
	Action string

	Address     string // of an order, or of the block that wanted the change
	PlanHash    string // begins the hash of the plan
	PullRequest string // its number, or its page
	Commit      string // begins the commit of the run, of the pull request, or of its merge

	Since time.Time // at or after
	Until time.Time // before
}

func (f Filter) chooses(r *Entry) bool {
	return (f.RunID == "" || r.RunID == f.RunID || r.SettledBy == f.RunID) &&
		(f.Action == "" || r.Action == f.Action) &&
		(f.Address == "" || r.Address == f.Address || strings.HasPrefix(r.Address, f.Address+"[")) &&
		(f.PlanHash == "" || strings.HasPrefix(r.PlanHash, f.PlanHash)) &&
		(f.PullRequest == "" || r.PullRequest != "" && samePullRequest(r.PullRequest, f.PullRequest)) &&
		(f.Commit == "" || strings.HasPrefix(r.Commit, f.Commit) || strings.HasPrefix(r.Head, f.Commit) || strings.HasPrefix(r.Merge, f.Commit)) &&
		(f.Since.IsZero() || !r.At.Before(f.Since)) &&
		(f.Until.IsZero() || r.At.Before(f.Until))
}

// samePullRequest compares the page of a pull request, or its number, with what somebody
// wrote. A page is another one's only if somebody wrote a page.
func samePullRequest(known, written string) bool {
	if strings.Contains(written, "/") {
		return strings.TrimRight(known, "/") == strings.TrimRight(written, "/")
	}
	known = strings.TrimRight(known, "/")
	number := known[strings.LastIndexAny(known, "/#!")+1:]
	return number == strings.TrimLeft(written, "#!")
}

// List reads the chosen entries, oldest first. It does not verify them: Verify
// does. A line that is not an entry ends the list with an error, unless it
// does not hold the number that is looked for.
func List(source Source, filter Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		family, err := familyOf(source, filter.Any)
		if err != nil {
			yield(Entry{}, err)
			return
		}
		err = family.each(source, func(e *Entry) error {
			if filter.chooses(e) && family.has(e) && !yield(*e, nil) {
				return errStop
			}
			return nil
		}, func(number int, err error) error {
			return fmt.Errorf("%s: line %d is not an entry: %w", source, number, err)
		})
		if err != nil {
			yield(Entry{}, err)
		}
	}
}

// Any goes through the log until check finds an entry or does not want to go on.
// It is for finding out whether there is an entry of some kind; a line that is
// not an entry ends it quietly.
func Any(source Source, check func(*Entry) (found, goOn bool)) (bool, error) {
	found := false
	_, err := eachLine(source, func(text []byte) error {
		var e Entry
		if json.Unmarshal(text, &e) != nil {
			return errStop
		}
		is, goOn := check(&e)
		if found = goOn && is; found || !goOn {
			return errStop
		}
		return nil
	})
	return found, err
}
