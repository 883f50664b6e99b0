package doctor

import (
	"context"
	"time"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// API is what Examine needs of the API. Implementations wait for the call limit
// and may repeat failed reads.
type API interface {
	CheckCredentials(ctx context.Context) error
	CountOrders(ctx context.Context, q godatafeed.OrderQuery) (int, error)
	ListOrders(ctx context.Context, q godatafeed.OrderQuery, page, size int) ([]order.Live, error)
	CountFeeds(ctx context.Context, filter string) (int, error)
}

// Limit is what this machine knows of an account's call limit.
type Limit interface {
	Level() float64                        // calls in the bucket now
	Slowed() (share float64, at time.Time) // by 429s, of this or another process
	Fallback() error                       // why the bucket is not shared with other processes
	// Shared reports whether all machines share it. If they don't, although a place for
	// it was named, why says so.
	Shared() (shared bool, why *godatafeed.PlaceError)
}

// Subject is an account to be examined.
type Subject struct {
	Account *spec.Account
	Known   memory.LearnedAccount // by earlier commands
	Now     func() time.Time

	// Open makes the account's client, which reports every attempt to observe, and
	// has no patience with an API that is down: that is what is to be found out.
	// Its error says what is wrong with the configuration or the environment.
	Open func(observe func(godatafeed.Call)) (API, Limit, error)
}

// Examine makes all checks of an account. It ends early if ctx does; what was
// not found out then is not known.
func Examine(ctx context.Context, s Subject) Report {
	ctx, stop := context.WithTimeoutCause(ctx, patience, errTooSlow)
	defer stop()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	e := &examination{Subject: s, meter: &meter{end: end}, findings: map[Check]Finding{}}
	e.timeZone()
	api, limit, err := s.Open(e.meter.observe)
	if err != nil {
		e.add(Credentials, Problem, err.Error(), "")
		return e.report()
	}
	e.api, e.limit = api, limit
	e.ask(ctx)
	e.clock()
	e.callLimit()
	return e.report()
}

// examination is one in progress.
type examination struct {
	Subject
	api   API
	limit Limit
	meter *meter

	findings map[Check]Finding // the worst of each check
	facts    facts
	ended    error // why no more calls are made; nil as long as they are

	query   godatafeed.OrderQuery // the lookback
	counted int
	first   []order.Live          // page 1 of the lookback
	second  []order.Live          // what page 2 shows besides; nil if it was not asked for
	words   map[string]sourceWord // of all orders that were seen, by ID
	full    int                   // orders of a page that is not the last, as far as it is known
}

// ask makes the calls, those that most depends on first.
func (e *examination) ask(ctx context.Context) {
	if e.hasKey() && !e.authorised(ctx) {
		return
	}
	if e.orders(ctx) {
		e.pages(ctx)
		field := e.dateField(ctx)
		e.listOrder(field)
		e.statusFilter(ctx)
		e.sourceWords()
	}
	if e.ended == nil {
		e.feeds(ctx)
	}
}

// report puts the findings into their order. What no finding is about was not
// asked.
func (e *examination) report() Report {
	findings := make([]Finding, 0, len(accountChecks))
	for _, check := range accountChecks {
		f, told := e.findings[check]
		if !told {
			f = Finding{Check: check, Result: NotKnown, Found: "not asked"}
			if e.ended != nil {
				f.Found += ": " + e.ended.Error()
			}
		}
		findings = append(findings, f)
	}
	r := Report{Account: e.Account.Name, Endpoint: e.Account.Endpoint, Calls: e.meter.calls, Findings: findings}
	r.Known, r.New = e.facts.added(e.Known, e.Now())
	return r
}

// add takes note of a finding. Of several about one check, the worst is told.
func (e *examination) add(check Check, result Result, found, remedy string) {
	if was, told := e.findings[check]; !told || rank[result] > rank[was.Result] {
		e.findings[check] = Finding{check, result, found, remedy}
	}
}

// untold is a check that showed nothing. What was found out before, if
// anything was, stands.
func (e *examination) untold(check Check, before, why string) {
	if before != "" {
		e.add(check, OK, before+", as was found out before", "")
		return
	}
	e.add(check, NotKnown, why, "")
}

// now is the API's time, as far as the calls so far tell.
func (e *examination) now() time.Time {
	offset, _ := e.meter.offset()
	return e.Now().Add(offset.ahead)
}
