package sharedlog_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// chain is a writer's view of the log. Its ids are a1, a2, ...
func chain(s *memlog.Store, name string) *sharedlog.Chain {
	var n atomic.Int64
	return sharedlog.Open(s.Place(name), func() string { return fmt.Sprint(name, n.Add(1)) })
}

func want(kind sharedlog.Kind) *sharedlog.Record {
	return &sharedlog.Record{Kind: kind, At: time.Now().UTC(), By: &sharedlog.Writer{ID: "w"}}
}

// begun is a store with record 0, and its position.
func begun(t *testing.T) (*memlog.Store, sharedlog.Position) {
	t.Helper()
	s := memlog.New()
	at, err := chain(s, "init").Append(t.Context(), sharedlog.Before, want(sharedlog.Init))
	if err != nil {
		t.Fatal(err)
	}
	return s, at
}

// ids are those of the records in the log, in their order.
func ids(t *testing.T, s *memlog.Store) []string {
	t.Helper()
	entries, _, err := chain(s, "reader").From(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for i, e := range entries {
		if e.N != int64(i) {
			t.Errorf("record %d has number %d", i, e.N)
		}
		all = append(all, e.ID)
	}
	return all
}

// once lets the first appends of a machine fail in turn; then no more.
func once(machine string, faults ...memlog.Fault) func(memlog.Call) memlog.Fault {
	var n atomic.Int64
	return func(c memlog.Call) memlog.Fault {
		if c.Method != "Append" || c.Machine != machine {
			return memlog.Fault{}
		}
		if i := n.Add(1); int(i) <= len(faults) {
			return faults[i-1]
		}
		return memlog.Fault{}
	}
}

func TestAnAppendWithoutAnAnswer(t *testing.T) {
	for name, faults := range map[string][]memlog.Fault{
		"the request is lost":             {{Lost: memlog.RequestLost}},
		"the answer is lost":              {{Lost: memlog.AnswerLost}},
		"it is executed 60 s later":       {{Lost: memlog.ExecutedLate, Late: time.Minute}},
		"lost, and the first one is late": {{Lost: memlog.ExecutedLate, Late: time.Minute}, {Lost: memlog.AnswerLost}},
		"all of them late":                {{Lost: memlog.ExecutedLate, Late: 50 * time.Second}, {Lost: memlog.ExecutedLate, Late: time.Second}, {Lost: memlog.RequestLost}},
		"no answer in the time of one":    {{Before: time.Hour}, {After: time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, end := begun(t)
				a := chain(s, "a")
				s.SetFaults(once("a", faults...))
				at, err := a.Append(t.Context(), end, want(sharedlog.Want))
				if err != nil || at.N != 1 || a.Unclear() {
					t.Errorf("at %v, error %v, unclear %v", at, err, a.Unclear())
				}
				if _, err := a.Append(t.Context(), at, want(sharedlog.Want)); err != nil {
					t.Error(err)
				}
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if got := fmt.Sprint(ids(t, s)); got != "[init1 a1 a2]" {
					t.Errorf("records %s", got)
				}
			})
		})
	}
}

// The place of a record is taken when it is tried again: the random id says by whom.
func TestAPlaceIsTakenWhereAnAnswerWasLost(t *testing.T) {
	for name, c := range map[string]struct {
		lost  memlog.Fault
		taken bool
		ids   string
	}{
		"by its own record":                    {memlog.Fault{Lost: memlog.AnswerLost}, false, "[init1 a1 b1]"},
		"by another one":                       {memlog.Fault{Lost: memlog.RequestLost}, true, "[init1 b1]"},
		"by another one, and its own is later": {memlog.Fault{Lost: memlog.ExecutedLate, Late: time.Minute}, true, "[init1 b1]"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, end := begun(t)
				a, b := chain(s, "a"), chain(s, "b")
				first := once("a", c.lost)
				tries := 0
				s.SetFaults(func(call memlog.Call) memlog.Fault {
					if call.Machine == "a" && call.Method == "Append" {
						if tries++; tries == 2 { // the other one comes before it is tried again
							entries, _, err := b.From(t.Context(), 0)
							if err == nil {
								_, err = b.Append(t.Context(), entries[len(entries)-1].Position, want(sharedlog.Want))
							}
							if err != nil {
								t.Error(err)
							}
						}
					}
					return first(call)
				})
				_, err := a.Append(t.Context(), end, want(sharedlog.Want))
				if taken := (*sharedlog.TakenError)(nil); errors.As(err, &taken) != c.taken || !c.taken && err != nil || a.Unclear() {
					t.Errorf("error %v, unclear %v", err, a.Unclear())
				}
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if got := fmt.Sprint(ids(t, s)); got != c.ids {
					t.Errorf("records %s, want %s", got, c.ids)
				}
			})
		})
	}
}

// Where time ends before the answer comes, the next append finds out first.
func TestAnUnclearAppendIsSettledFirst(t *testing.T) {
	for name, c := range map[string]struct {
		lost memlog.Loss
		ids  string
	}{
		"nothing arrived":        {memlog.RequestLost, "[init1 a1]"},
		"it was executed":        {memlog.AnswerLost, "[init1 a1]"},
		"it is still on its way": {memlog.ExecutedLate, "[init1 a1]"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, end := begun(t)
				a := chain(s, "a")
				var tried []string
				lost := memlog.Fault{Lost: c.lost}
				s.SetFaults(func(call memlog.Call) memlog.Fault {
					if call.Method != "Append" {
						return memlog.Fault{}
					}
					tried = append(tried, string(call.Record.Data))
					return lost
				})
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				_, err := a.Append(ctx, end, want(sharedlog.Want))
				if unclear := (*sharedlog.UnclearError)(nil); !errors.As(err, &unclear) || unclear.N != 1 || !a.Unclear() {
					t.Errorf("error %v, unclear %v", err, a.Unclear())
				}
				again, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				if _, err := a.Append(again, end, want(sharedlog.Break)); !a.Unclear() {
					t.Errorf("the next one has an outcome before the first one: %v", err)
				}
				for _, data := range tried {
					if data != tried[0] {
						t.Errorf("another record was tried in its place: %s", data)
					}
				}
				lost = memlog.Fault{}
				_, err = a.Append(t.Context(), end, want(sharedlog.Break))
				if taken := (*sharedlog.TakenError)(nil); !errors.As(err, &taken) || a.Unclear() {
					t.Errorf("behind the record before its own it is appended: %v, unclear %v", err, a.Unclear())
				}
				for _, p := range s.Parked() {
					_ = p.Execute()
				}
				if got := fmt.Sprint(ids(t, s)); got != c.ids {
					t.Errorf("records %s, want %s", got, c.ids)
				}
			})
		})
	}
	t.Run("nothing was tried", func(t *testing.T) {
		s, end := begun(t)
		a := chain(s, "a")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := a.Append(ctx, end, want(sharedlog.Want)); !errors.Is(err, context.Canceled) || a.Unclear() {
			t.Errorf("error %v, unclear %v", err, a.Unclear())
		}
		if got := fmt.Sprint(ids(t, s)); got != "[init1]" {
			t.Errorf("records %s", got)
		}
	})
}
