package memlog

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func record(prev sharedlog.Position, text string) sharedlog.Raw {
	return sharedlog.Raw{N: prev.N + 1, Data: []byte(text + "\n")}
}

// begun is a store with a record, and a place on it.
func begun(t *testing.T) (*Store, *Place, sharedlog.Position) {
	t.Helper()
	s := New()
	p, r := s.Place("a"), record(sharedlog.Before, "zero")
	if err := p.Append(t.Context(), sharedlog.Before, r); err != nil {
		t.Fatal(err)
	}
	return s, p, r.Position()
}

// onAppend lets an append fail once.
func onAppend(f Fault) func(Call) Fault {
	return func(c Call) Fault {
		if c.Method == "Append" {
			return f
		}
		return Fault{}
	}
}

func TestLostAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		fault          Fault
		at, afterWhile int // how many records there are
	}{
		"the request is lost":   {Fault{Lost: RequestLost}, 1, 1},
		"the answer is lost":    {Fault{Lost: AnswerLost}, 2, 2},
		"it is executed late":   {Fault{Lost: ExecutedLate, Late: time.Minute}, 1, 2},
		"it is parked":          {Fault{Lost: ExecutedLate}, 1, 1},
		"late, and slow to end": {Fault{Lost: ExecutedLate, Late: time.Minute, After: time.Second}, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, p, end := begun(t)
				s.SetFaults(onAppend(c.fault))
				began := time.Now()
				if err := p.Append(t.Context(), end, record(end, "one")); !errors.Is(err, ErrNoAnswer) {
					t.Errorf("error %v", err)
				}
				if took := time.Since(began); took != c.fault.After {
					t.Errorf("it took %v", took)
				}
				if n := len(s.Records()); n != c.at {
					t.Errorf("%d records, expected %d", n, c.at)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if n := len(s.Records()); n != c.afterWhile {
					t.Errorf("%d records a minute later, expected %d", n, c.afterWhile)
				}
			})
		})
	}
}

func TestParkedCallsTakeEffectWhenTheyAreTold(t *testing.T) {
	s, p, end := begun(t)
	s.SetFaults(onAppend(Fault{Lost: ExecutedLate}))
	r := record(end, "one")
	for range 2 {
		if err := p.Append(t.Context(), end, r); !errors.Is(err, ErrNoAnswer) {
			t.Errorf("error %v", err)
		}
	}
	if parked := s.Parked(); len(parked) != 2 || parked[0].Record.N != 1 || parked[0].Machine != "a" {
		t.Fatalf("parked: %v", parked)
	} else if err := parked[0].Execute(); err != nil {
		t.Error(err)
	}
	var taken *sharedlog.TakenError
	if err := s.Parked()[1].Execute(); !errors.As(err, &taken) {
		t.Errorf("the second one: error %v", err)
	}
	if n := len(s.Records()); n != 2 {
		t.Errorf("%d records", n)
	}
}

func TestTimeOnTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, p, end := begun(t)
		s.SetFaults(onAppend(Fault{Before: time.Second, After: 2 * time.Second}))
		began := time.Now()
		if err := p.Append(t.Context(), end, record(end, "one")); err != nil || time.Since(began) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		end = record(end, "one").Position()
		for give, executed := range map[time.Duration]bool{500 * time.Millisecond: false, 2 * time.Second: true} {
			ctx, cancel := context.WithTimeout(t.Context(), give)
			err := p.Append(ctx, end, record(end, "two"))
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || (len(s.Records()) == 3) != executed {
				t.Errorf("given %v: error %v, %d records", give, err, len(s.Records()))
			}
			if executed {
				s.Rollback(1)
			}
		}
	})
}

func TestOtherFaults(t *testing.T) {
	s, p, end := begun(t)
	refused := &sharedlog.RefusedError{Place: "memory", Reason: "read-only"}
	s.SetFaults(onAppend(Fault{Err: refused}))
	if err := p.Append(t.Context(), end, record(end, "one")); !errors.Is(err, refused) || len(s.Records()) != 1 {
		t.Errorf("error %v, %d records", err, len(s.Records()))
	}

	// Something else can happen first.
	other := s.Place("b")
	s.SetFaults(func(c Call) Fault {
		if c.Machine == "a" && c.Method == "Append" {
			if err := other.Append(t.Context(), end, record(end, "first")); err != nil {
				t.Error(err)
			}
		}
		return Fault{}
	})
	var taken *sharedlog.TakenError
	if err := p.Append(t.Context(), end, record(end, "one")); !errors.As(err, &taken) {
		t.Errorf("error %v", err)
	}
}

func TestValuesGoWithTheRecordsBehindWhichTheyWerePut(t *testing.T) {
	s, p, end := begun(t)
	put := func(value string) string {
		hash := sharedlog.HashOf([]byte(value))
		if err := p.Put(t.Context(), hash, []byte(value)); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	s.Rollback(1)
	old := put("old")
	if err := p.Append(t.Context(), sharedlog.Before, record(sharedlog.Before, "zero")); err != nil {
		t.Fatal(err)
	}
	lost := put("lost")
	put("old")
	if err := p.Append(t.Context(), end, record(end, "one")); err != nil {
		t.Fatal(err)
	}
	s.Failover(1)
	if _, err := p.Get(t.Context(), old); err != nil {
		t.Errorf("a value that a record followed: %v", err)
	}
	if _, err := p.Get(t.Context(), lost); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a value that no record follows any more: error %v", err)
	}
}
