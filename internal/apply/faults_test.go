package apply_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gdfctl/gdfctl/internal/sandbox"
)

// faultKinds are the ways in which a call can go wrong, on the way there, on
// the way back, and at the server.
var faultKinds = []string{
	"status=500", "status=500:effect", "status=503", "status=503:effect", "cut_before", "cut_after", "html", "html:effect", "half_body",
	"empty", "empty:effect", "success_false", "status=429", "status=429:retry_after=-1", "status=429:retry_after=1000000000",
	"status=401", "redirect", "redirect:effect", "status=404", "status=410", "status=400", "hang=90s", "hang=90s:effect", "slow_body=20s",
}

// at is the fault of that kind at some calls. A Retry-After stands last.
func at(kind, where string) string {
	kind, retryAfter, found := strings.Cut(kind, ":retry_after=")
	text := "any:" + kind + ":" + where
	if found {
		text += ":retry_after=" + retryAfter
	}
	return text
}

// Each kind of fault at each single call of a run: apply, again as often as it
// takes, ends with the truth as it is wanted and nothing done twice.
func TestEveryFaultAtEveryCall(t *testing.T) {
	const calls = 10 // authorize, count, list, and seven writes
	for _, kind := range faultKinds {
		t.Run(kind, func(t *testing.T) {
			for nth := 1; nth <= calls; nth++ {
				synctest.Test(t, func(t *testing.T) { converges(t, at(kind, fmt.Sprintf("nth=%d", nth)), 1) })
			}
		})
	}
}

// Each kind of fault at a tenth and at half of all calls.
func TestManyFaults(t *testing.T) {
	seeds := uint64(faultSeeds)
	if text := os.Getenv("GDF_SOAK_FAULTS"); text != "" {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			t.Fatalf("GDF_SOAK_FAULTS: %s", err)
		}
		seeds = n
	} else if testing.Short() {
		seeds = 1
	}
	for _, kind := range faultKinds {
		for _, share := range []string{"0.1", "0.5"} {
			t.Run(kind+" at "+share, func(t *testing.T) {
				for seed := range seeds {
					synctest.Test(t, func(t *testing.T) { converges(t, at(kind, "p="+share), seed+1) })
				}
			})
		}
	}
}

// maxRuns is how often a person would start apply again before losing
// patience. Faults at half of all calls fail a whole plan more often than not.
const maxRuns = 200

func converges(t *testing.T, fault string, seed uint64) {
	w := newWorld(t, 8, sandbox.Options{Seed: seed}, account("")+mixed+shipAll(nil, 0, 0))
	shipAll(w, 0, 3)
	f, err := sandbox.ParseFault(fault)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.api.AddFault(f); err != nil {
		t.Fatal(err)
	}
	done := false
	for range maxRuns {
		r, err := w.apply(t.Context())
		if done = err == nil && r.Clean() && r.Complete(); done {
			break
		}
	}
	if !done {
		t.Errorf("%s, seed %d: no clean run in %d", fault, seed, maxRuns)
	}
	w.assertShipped(0, 3)
	w.assertNothingTwice()
	if o, _ := w.api.Order("N-5"); o.OrderNumber != "SO-5" {
		t.Errorf("%s, seed %d: N-5 has number %q", fault, seed, o.OrderNumber)
	}
	if o, _ := w.api.Order("N-6"); o.Status != sandbox.StatusCanceled {
		t.Errorf("%s, seed %d: N-6 is %s", fault, seed, o.Status)
	}
	if o, _ := w.api.Order("N-7"); o.Status != sandbox.StatusShipped || o.OrderNumber != "SO-7" {
		t.Errorf("%s, seed %d: N-7 is %s with number %q", fault, seed, o.Status, o.OrderNumber)
	}
	if t.Failed() {
		t.Fatalf("%s, seed %d", fault, seed)
	}
}
