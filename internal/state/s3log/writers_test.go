package s3log

import (
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Two writers append through connections on which one of eight requests fails in
// some way. Each of them knows of all of its records whether they are there.
func TestWritersOnBadConnections(t *testing.T) {
	records := 15
	if testing.Short() {
		records = 5
	}
	const seed = 7
	b := bucket(t)
	direct := open(t, b)
	first := sharedlog.Open(direct, rand.Text)
	beginning, err := first.Append(t.Context(), sharedlog.Before, &sharedlog.Record{Kind: sharedlog.Init, Lineage: "5812eb29"})
	if err != nil {
		t.Fatal(err)
	}

	var mu sync.Mutex
	appended := map[string]string{} // who, by the position
	var gates []*gate
	var wg sync.WaitGroup
	for who := range 2 {
		g, through := behindGate(t, b)
		gates = append(gates, g)
		g.set(badLuck(mathrand.New(mathrand.NewPCG(seed, uint64(who)))))
		chain := sharedlog.Open(open(t, through), rand.Text)
		wg.Go(func() {
			at := beginning
			for n := range records {
				var err error
				if at, err = appendBehind(t, chain, at, sharedlog.Record{Kind: sharedlog.Renew, Epoch: 1}); err != nil {
					t.Errorf("writer %d: %v", who, err)
					return
				}
				mu.Lock()
				appended[at.String()] = fmt.Sprintf("record %d of writer %d", n, who)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, g := range gates {
		g.release(t) // what comes late changes nothing any more
	}
	entries, _, err := first.From(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries[1:] {
		if appended[e.Position.String()] == "" {
			t.Errorf("record %s is in the log, and its writer does not know", e.Position)
		}
		delete(appended, e.Position.String())
	}
	for at, which := range appended {
		t.Errorf("%s should be %s, and is not in the log", which, at)
	}
}

// badLuck lets one of eight requests fail.
func badLuck(random *mathrand.Rand) func(request) fault {
	faults := []fault{
		{cut: true},
		{execute: true, cut: true},
		{hold: true},
		{answer: says(500, "InternalError")},
		{execute: true, answer: says(500, "InternalError")},
		{answer: says(503, "SlowDown")},
		{answer: says(409, "ConditionalRequestConflict")},
		{answer: says(412, "PreconditionFailed")},
		{execute: true, answer: says(412, "PreconditionFailed")},
	}
	var mu sync.Mutex
	return func(request) fault {
		mu.Lock()
		defer mu.Unlock()
		if random.IntN(8) > 0 {
			return passOn
		}
		return faults[random.IntN(len(faults))]
	}
}

// appendBehind reads from a position to the end and appends there, as often as
// somebody else comes first.
func appendBehind(t *testing.T, chain *sharedlog.Chain, at sharedlog.Position, r sharedlog.Record) (sharedlog.Position, error) {
	for range 200 {
		entries, _, err := chain.Since(t.Context(), at)
		if err != nil {
			continue // reading can be repeated
		}
		if len(entries) > 0 {
			at = entries[len(entries)-1].Position
		}
		again := r
		mine, err := chain.Append(t.Context(), at, &again)
		if taken := (*sharedlog.TakenError)(nil); !errors.As(err, &taken) {
			return mine, err
		}
	}
	return at, errors.New("200 attempts were not enough")
}
