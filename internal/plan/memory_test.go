package plan_test

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/gdfctl/gdfctl/internal/plan"
)

// allocated is how many bytes f allocates.
func allocated(f func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// A plan of a hundred thousand orders is made, saved and opened in memory that is
// mostly the plan's own, also where nearly each order has a remark.
func TestMemoryForAnOrder(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector allocates too, and empties pools")
	}
	api, wishes := tenThousand(t)
	in := input(t, api, wishes, stateOf(t))
	var p *plan.Plan
	var file bytes.Buffer
	file.Grow(benchOrders * 1200)
	for _, c := range []struct {
		what string
		most float64 // bytes for each order
		do   func()
	}{
		{"build", 1300, func() { p = mustBuild(t, in) }},
		{"hash", 600, func() {
			if _, err := p.Hash(); err != nil {
				t.Fatal(err)
			}
		}},
		{"save", 600, func() {
			if _, err := p.Encode(&file); err != nil {
				t.Fatal(err)
			}
		}},
		{"open", 4400, func() {
			if _, _, err := plan.Decode(&file); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		if got := allocated(c.do) / benchOrders; got > c.most {
			t.Errorf("%s: %.0f bytes are allocated for each order, and %.0f should do", c.what, got, c.most)
		}
	}
	if len(p.Findings) < benchOrders*8/10 {
		t.Fatalf("%d orders have a remark", len(p.Findings))
	}
}
