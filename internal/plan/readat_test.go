package plan_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// How old a read is must not depend on a wall clock that somebody sets while the
// plan is looked at.
func TestAChangeKnowsByTheMonotonicClockWhenItWasRead(t *testing.T) {
	began := time.Now()
	req := reading(&script{orders: []order.Live{live(1)}}, []spec.Wish{ship(mainAccount(), byID(1))}, stateOf(t))
	req.Now = time.Now
	in := plan.Input{Accounts: req.Accounts, Policy: spec.DefaultPolicy, Wishes: req.Wishes, State: req.State, Snapshot: mustRead(t, req), Now: time.Now()}
	p := mustBuild(t, in)
	read := p.Changes[0].Read
	// Only its text shows that a time has a monotonic part.
	if !strings.Contains(read.String(), " m=") || read.Before(began) || time.Since(read) < 0 {
		t.Errorf("read at %s, want a time since %s with its monotonic part", read, began)
	}
	var file bytes.Buffer
	if _, err := p.Encode(&file); err != nil {
		t.Fatal(err)
	}
	saved, _, err := plan.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	if c := saved.Changes[0]; !c.Read.IsZero() || c.ReadAt.IsZero() {
		t.Errorf("a saved plan says %s and claims to have been read at %s", c.ReadAt, c.Read)
	}
}
