package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// permitted are the actions that a run may do on a machine that lets its runs do so much: nobody looks
// at its plans. What the machine's file says can be wrong, so an agent never cancels, corrects
// or inserts, whatever is allowed. To ship an order includes that it is acknowledged first.
func permitted(allow []order.Action) []order.Action {
	switch {
	case slices.Contains(allow, order.Ship):
		return []order.Action{order.Acknowledge, order.Ship}
	case len(allow) == 0, slices.Contains(allow, order.Acknowledge):
		return []order.Action{order.Acknowledge}
	}
	return []order.Action{}
}

// ScheduledRequest asks for a run of one of the configuration's schedules.
type ScheduledRequest struct {
	Source
	Schedule    string
	Deadline    time.Duration // of one slice: what is left is for another one
	LockTimeout time.Duration

	// Allow is what the machine lets its runs do, at most; empty: they acknowledge. PolicyDirs
	// have policies that hold too, as Scope.Policies. No configuration widens either.
	Allow      []order.Action
	PolicyDirs []string

	Found *Found // by the slices before, of all runs of the process

	// Shared refuses a state that only this machine can reach, whatever the configuration
	// says: the run before may have been another machine's.
	Shared bool

	// Whose is asked, before anything rests on it, whether a state is the one that the run is to have:
	// first whether one may be begun, where there is none. Its error ends the run. Nil: any is.
	Whose func(context.Context, StateSeen) error
}

// callsOf is how many calls a run makes at most: for each order one of each action. 0: not known.
func callsOf(limits *spec.Policy, may []order.Action) int {
	if limits.MaxChanges >= spec.NoLimit {
		return 0
	}
	return limits.MaxChanges * len(may)
}

// ScheduledReport is how a slice of a run ended.
type ScheduledReport struct {
	Left       bool // it was stopped, or its time was over: another slice goes on
	Incomplete bool // not everything holds that it was to do, and trying again at once would not help
	Message    string

	Applied, Failed, Unknown, Held int // orders, of an apply
	Pending                        int // orders that may still show their change: no person is needed

	Facts // also of a slice that ended with an error

	State *StateSeen // as the slice left it; nil: it had none, or nobody asked whose it is
}

// ForGood reports whether an error of a run comes again however often it is tried: people
// have to change something.
func ForGood(err error) bool {
	var config *ConfigError
	var policy *PolicyError
	var request *RequestError
	var notAllowed *NotAllowedError
	var local *LocalStateError
	return errors.As(err, &config) || errors.As(err, &policy) || errors.As(err, &request) || errors.As(err, &notAllowed) || errors.As(err, &local)
}

// Scheduling is what an agent keeps of a configuration.
type Scheduling struct {
	Schedules []*spec.Schedule
	Accounts  []string // their names
}

// Schedules reads those of a configuration.
func Schedules(s Source, d Deps, o Observer) (*Scheduling, error) {
	w, err := d.strict(context.Background(), s, o.inTurn(), d.Now)
	if err != nil {
		return nil, err
	}
	defer w.close()
	found := &Scheduling{Schedules: w.cfg.Schedules}
	for _, account := range w.cfg.Accounts {
		found.Accounts = append(found.Accounts, account.Name)
	}
	return found, nil
}

// RunScheduled runs one slice of a schedule. The configuration is read again, so that the
// run is what it says now. There is a report also where there is an error, since calls
// that were made count.
func RunScheduled(ctx context.Context, req ScheduledRequest, d Deps, o Observer) (*ScheduledReport, error) {
	m := &meter{whose: req.Whose}
	d.meter = m
	r, err := runScheduled(ctx, req, d, m.observed(o))
	if r == nil {
		r = &ScheduledReport{}
	}
	r.Facts = m.ended(err)
	r.State = m.left()
	if err != nil && ctx.Err() != nil {
		r.Left, r.Message, err = true, cmp.Or(r.Message, "stopped before it changed anything"), nil
	}
	return r, err
}

func runScheduled(ctx context.Context, req ScheduledRequest, d Deps, o Observer) (*ScheduledReport, error) {
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	d.Provenance.Schedule = req.Schedule
	w, err := d.strict(ctx, req.Source, o, d.Now)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if req.Shared && !w.home.shared() {
		return nil, &LocalStateError{w.home.label}
	}
	for _, s := range w.cfg.Schedules {
		if s.Name != req.Schedule {
			continue
		}
		switch s.Run {
		case spec.RunFeeds:
			return w.scheduledFeeds(ctx)
		case spec.RunVerify:
			return w.scheduledVerify(ctx, req)
		default:
			return w.scheduledApply(ctx, req, s)
		}
	}
	return nil, requestf("schedule", "%s is not in the configuration any more", req.Schedule)
}

func (w *workspace) scheduledFeeds(ctx context.Context) (*ScheduledReport, error) {
	checked, err := w.checkFeeds(ctx)
	if err != nil {
		return nil, err
	}
	for _, unread := range checked.Unread {
		return nil, unread.Err
	}
	failing := map[string]bool{}
	for i := range checked.Results {
		if res := &checked.Results[i]; res.Fails() {
			failing[res.Account+" "+res.FeedID+" "+res.FeedName] = true
		}
	}
	return &ScheduledReport{Message: fmt.Sprintf("%s checked, %s failing", words.Count(checked.Feeds, "feed", "feeds"), words.Number(len(failing)))}, nil
}

func (w *workspace) scheduledVerify(ctx context.Context, req ScheduledRequest) (*ScheduledReport, error) {
	read, err := w.verifyChanges(ctx, VerifyChangesRequest{Source: req.Source, LockTimeout: req.LockTimeout})
	if err != nil {
		return nil, err
	}
	r, person := &ScheduledReport{}, 0
	for i := range read.Orders {
		switch accepted := &read.Orders[i]; {
		case accepted.Unknown:
			r.Unknown++
		case accepted.Result.Word.NeedsPerson():
			person++
		case !accepted.Result.Done:
			r.Pending++
		}
	}
	r.Incomplete = r.Unknown+person > 0
	r.Message = fmt.Sprintf("%s read back, %s pending, %s unknown, %s for a person: run %s",
		words.Count(len(read.Orders), "order", "orders"), words.Number(r.Pending), words.Number(r.Unknown), words.Number(person), w.command("verify"))
	if !r.Incomplete {
		r.Message = fmt.Sprintf("%s read back, %s pending", words.Count(len(read.Orders), "order", "orders"), words.Number(r.Pending))
	}
	return r, nil
}

func (w *workspace) scheduledApply(ctx context.Context, req ScheduledRequest, s *spec.Schedule) (*ScheduledReport, error) {
	may := permitted(req.Allow)
	done, err := newApplying(ApplyRequest{
		Scope:    Scope{Source: req.Source, Targets: s.Targets, Limits: &s.Limits, Policies: req.PolicyDirs},
		Only:     may,
		Deadline: req.Deadline, LockTimeout: req.LockTimeout, Calls: callsOf(&s.Limits, may), Found: req.Found, PlanLate: true,
	}, w.Deps).in(ctx, w)
	if err != nil {
		return nil, err
	}
	pending, person := 0, 0
	for i := range done.Plan.Pending {
		if done.Plan.Pending[i].NotTaken {
			person++
		} else {
			pending++
		}
	}
	result := done.Result
	n := func(kind apply.ItemResult) int { return result.Counts[kind] }
	r := &ScheduledReport{
		Applied: n(apply.Applied) + n(apply.Confirmed), Failed: n(apply.Failed), Unknown: n(apply.Unknown),
		Held: len(done.Plan.Held) + n(apply.HeldBack), Pending: pending,
	}
	r.Message = fmt.Sprintf("%s applied, %s failed, %s unknown, %s held back",
		words.Number(r.Applied), words.Number(r.Failed), words.Number(r.Unknown), words.Number(r.Held))
	if person > 0 {
		r.Message += fmt.Sprintf(", %s for a person: run %s", words.Number(person), w.command("verify"))
	}
	switch {
	case result.Interrupted, result.GaveWay, result.DeadlineReached():
		r.Left = true
	case result.Stopped != "":
		return r, errors.New(result.Stopped)
	default:
		r.Incomplete = !done.Complete()
	}
	return r, nil
}
