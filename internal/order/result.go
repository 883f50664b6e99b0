package order

// Result is the outcome of one call.
type Result string

// The results. All but Unknown close the call.
const (
	Done        Result = "done"         // accepted by the API, or reread and as wanted
	Refused     Result = "refused"      // the API said no
	NotExecuted Result = "not_executed" // it never took place: 429, 401, no connection
	NotSent     Result = "not_sent"     // it was written down as about to be made, and never left
	NoEffect    Result = "no_effect"    // reread after the waiting time: the order is as before
	Unknown     Result = "unknown"      // stays open
	Released    Result = "released"     // people decided it
)

// Valid reports whether r is one of the results.
func (r Result) Valid() bool {
	switch r {
	case Done, Refused, NotExecuted, NotSent, NoEffect, Unknown, Released:
		return true
	}
	return false
}

// Audited reports whether a result belongs in the audit log: all but that a call
// did not take place.
func (r Result) Audited() bool { return r != NotExecuted && r != NotSent }
