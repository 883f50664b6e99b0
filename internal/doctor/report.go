package doctor

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/memory"
)

// Result is what a check came to.
type Result string

// The results, from the best to the worst. Only a problem keeps gdfctl from
// working.
const (
	OK       Result = "ok"
	NotKnown Result = "unknown" // it can't be decided yet, or nothing was asked
	Warning  Result = "warning"
	Problem  Result = "problem"
)

// Check names what is looked at.
type Check string

// The checks, in the order in which they are reported.
const (
	Endpoint     Check = "endpoint"
	Credentials  Check = "credentials"
	Orders       Check = "orders"
	Pages        Check = "pages"
	ListOrder    Check = "list_order"
	DateField    Check = "date_field"
	StatusFilter Check = "status_filter"
	SourceWords  Check = "source_words"
	Feeds        Check = "feeds"
	Clock        Check = "clock"
	CallLimit    Check = "call_limit"
	TimeZone     Check = "time_zone"
	State        Check = "state"        // of the directory, and not of an account, as are those below
	StateClock   Check = "state_clock"  // only of a state that machines share, where its place has a clock
	StateWrites  Check = "state_writes" // only of a state that machines share
	Plans        Check = "plans"        // likewise

	CIJob       Check = "job" // of a CI job, as are those below
	Token       Check = "token"
	History     Check = "history"
	BranchRule  Check = "branch_rule"
	StateRule   Check = "state_rule"
	Environment Check = "environment"
	Concurrency Check = "concurrency"
)

var accountChecks = []Check{
	Endpoint, Credentials, Orders, Pages, ListOrder, DateField, StatusFilter, SourceWords, Feeds, Clock, CallLimit, TimeZone,
}

// Finding is what one check found. Its texts hold no credential, and nothing
// of an order.
type Finding struct {
	Check  Check
	Result Result
	Found  string
	Remedy string // what to do, or what not to worry about; may be empty
}

// Report is what was found out about one account.
type Report struct {
	Account  string
	Endpoint string
	Calls    int // made, repeated ones included
	Findings []Finding

	// Known is what is known now of the API. It is worth keeping if New is
	// true: something in it was found out by these calls.
	Known memory.LearnedAccount
	New   bool
}

// Worst is the worst result of some findings; OK for none.
func Worst(findings []Finding) Result {
	worst := OK
	for _, f := range findings {
		if rank[f.Result] > rank[worst] {
			worst = f.Result
		}
	}
	return worst
}

// WorstOf is the worst result of accounts and of all else.
func WorstOf(accounts []Report, others ...[]Finding) Result {
	all := slices.Concat(others...)
	for _, r := range accounts {
		all = append(all, r.Findings...)
	}
	return Worst(all)
}

var rank = map[Result]int{OK: 0, NotKnown: 1, Warning: 2, Problem: 3}
