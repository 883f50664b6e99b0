package doctor_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/sandbox"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Whatever goes wrong, and at whatever call, an examination ends in time, asks
// no more than it may, and learns nothing that is wrong.
func TestNoFaultMakesMoreCalls(t *testing.T) {
	t.Parallel()
	for _, op := range append(sandbox.Ops(), sandbox.OpAny) {
		for _, fault := range []sandbox.Fault{
			{Kind: sandbox.FaultStatus, Status: 400},
			{Kind: sandbox.FaultStatus, Status: 401},
			{Kind: sandbox.FaultStatus, Status: 403},
			{Kind: sandbox.FaultStatus, Status: 404},
			{Kind: sandbox.FaultStatus, Status: 429},
			{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "3600"},
			{Kind: sandbox.FaultStatus, Status: 500},
			{Kind: sandbox.FaultStatus, Status: 503},
			{Kind: sandbox.FaultHTML},
			{Kind: sandbox.FaultCutBefore},
			{Kind: sandbox.FaultHang},
			{Kind: sandbox.FaultHalfBody},
			{Kind: sandbox.FaultSlowBody, Delay: time.Minute},
			{Kind: sandbox.FaultSuccessFalse},
			{Kind: sandbox.FaultRedirect},
			{Kind: sandbox.FaultEmpty},
		} {
			fault.Op = op
			for _, share := range []float64{0, 0.4} { // of the calls; 0: all
				fault.Probability = share
				t.Run(fault.String(), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { examineWith(t, fault) })
				})
			}
		}
	}
}

// examineWith examines a sandbox that fails in one way. Nothing of what it
// could find out is new.
func examineWith(t *testing.T, fault sandbox.Fault) {
	s := open(t, fault)
	began := time.Now()
	known := memory.LearnedAccount{PageCap: 50, ListOrder: memory.NewestFirst, DateField: memory.DateCreatedInDestination}
	r := s.examine(t, known, func(godatafeed.Call) {})
	if took := time.Since(began); took > 100*time.Second {
		t.Errorf("it took %s", took)
	}
	asked := slices.Contains([]sandbox.Op{sandbox.OpAuthorize, sandbox.OpCountOrders, sandbox.OpListOrders, sandbox.OpCountFeeds, sandbox.OpAny}, fault.Op)
	if worst := doctor.Worst(r.Findings); asked && fault.Probability == 0 && fault.Kind != sandbox.FaultSlowBody && worst != doctor.Warning && worst != doctor.Problem {
		t.Errorf("the worst that is told is %s", worst)
	}
	got := r.Known
	if got.ClockOffset.Abs() > 2*time.Second {
		t.Errorf("the clock is said to be %s off", got.ClockOffset)
	}
	got.At, got.ClockOffset = known.At, 0
	if !cmp.Equal(got, known) {
		t.Errorf("known is %+v, and was %+v", got, known)
	}
}

// Tokens that expire at once cost three calls where one was meant.
func TestTokensThatExpireAtOnceMakeNoMoreCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		r := s.examine(t, memory.LearnedAccount{}, func(c godatafeed.Call) {
			if c.Op != godatafeed.OpAuthorize && c.Status == 200 {
				s.ExpireTokens()
			}
		})
		last := r.Findings[slices.IndexFunc(r.Findings, func(f doctor.Finding) bool { return f.Check == doctor.Feeds })]
		if r.Calls != doctor.MaxCalls || last.Result != doctor.NotKnown || !strings.Contains(last.Found, "calls that doctor makes at most") {
			t.Errorf("%d calls; of feeds is told: %+v", r.Calls, last)
		}
	})
}

// simulated is a sandbox that is examined.
type simulated struct{ *sandbox.Sandbox }

func open(t *testing.T, faults ...sandbox.Fault) simulated {
	t.Helper()
	s, err := sandbox.New(sandbox.Options{
		Orders: 120, PageCap: 50, NewestFirst: true, DateField: sandbox.DateDestination, ConsumerKey: "key", Faults: faults,
	})
	if err != nil {
		t.Fatal(err)
	}
	return simulated{s}
}

// examine does it with the real client, and holds what is told of calls against
// the sandbox's own count.
func (s simulated) examine(t *testing.T, known memory.LearnedAccount, after func(godatafeed.Call)) doctor.Report {
	t.Helper()
	r := doctor.Examine(t.Context(), doctor.Subject{
		Account: &spec.Account{Name: "main", ConsumerKey: "key", Endpoint: "http://localhost", Lookback: 30 * 24 * time.Hour, Burst: 50, PerSecond: 2},
		Known:   known, Now: time.Now,
		Open: func(observe func(godatafeed.Call)) (doctor.API, doctor.Limit, error) {
			limiter := godatafeed.NewLimiter(godatafeed.LimiterOptions{})
			client, err := godatafeed.New(godatafeed.Options{
				Endpoint: "http://localhost", ConsumerKey: "key", Transport: s.Transport(), Limiter: limiter, Patience: -1,
				OnCall: func(c godatafeed.Call) { observe(c); after(c) },
			})
			return client, limiter, err
		},
	})
	total := 0
	for _, n := range s.Truth().Calls {
		total += n
	}
	if total > doctor.MaxCalls || total != r.Calls {
		t.Errorf("%d calls arrived, %d are told of", total, r.Calls)
	}
	return r
}
