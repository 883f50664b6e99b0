package plan_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/uptake"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fullPlan has something in every list.
func fullPlan() *plan.Plan {
	at := spec.Place{File: "t.csv", Line: 17}
	ref := func(id string) order.Ref {
		return order.Ref{ID: id, Source: "Amazon", SourceNumber: "112-" + id}
	}
	return &plan.Plan{
		CreatedAt: noon, Version: "0.5.0", Lineage: "6f9a", Serial: 7, ConfigHash: "c0ffee", MadeWith: []string{"--var carrier"}, NoOp: 865, Orders: 875, Released: 1,
		Accounts: []plan.AccountPlan{{
			Name: "main", Endpoint: "https://api.example.com", Calls: plan.Calls{Read: 22, Write: 3, Check: 30},
			ETA: 2068 * time.Second, Burst: 50, PerSecond: 2, Read: plan.Reading{Counted: 5002, Since: time.Date(2026, 10, 23, 12, 0, 0, 0, time.UTC)},
			Unclaimed: &plan.Unclaimed{Count: 37, Oldest: noon.Add(-76 * time.Hour)},
		}},
		Changes: []plan.Change{
			{
				Address: `batch.b["Amazon/112-a"]`, Account: "main", Order: ref("a"), Created: noon.Add(-time.Hour), Actions: []order.Action{order.Acknowledge, order.Ship},
				Before: order.Values{Status: order.New}, After: order.Values{Status: order.Shipped, OrderNumber: "O1", Tracking: "1Z", Carrier: "UPS"},
				AfterUnknown: []string{"shipped_at"}, Attempt: 1, DefinedAt: at, ReadAt: noon,
			},
			{
				Address: `order["<b>\u2028"]`, Account: "main", Order: order.Ref{ID: "b"}, Actions: []order.Action{order.Cancel}, Before: order.Values{Status: order.Processing},
				After: order.Values{Status: order.Cancelled}, AfterUnknown: []string{}, Reason: "out of stock", Attempt: 2, DefinedAt: at, ReadAt: noon,
			},
		},
		Held: []plan.Held{{Address: `batch.b["x"]`, Account: "main", Order: ref("x"), Code: plan.AlreadyCancelled, Message: "pull parcel 1Z", DefinedAt: at}, {
			Address: `batch.b["y"]`, Account: "main", Order: ref("y"), Code: plan.Conflict, Message: "two carriers", DefinedAt: at,
			Conflict: &spec.Conflict{Fields: []string{"carrier"}, Places: []spec.Place{at, {File: "u.csv", Line: 2}}}, Suggestion: "leave one row out",
		}},
		Pending:  []plan.Pending{{Address: `batch.b["p"]`, Account: "main", Order: ref("p"), Action: order.Ship, AppliedAt: noon.Add(-2 * time.Hour), NotTaken: true, VerifiedBy: uptake.Marketplace, DefinedAt: at}},
		Deferred: []plan.Deferred{{Address: `batch.b["d"]`, Account: "main", Order: ref("d"), Until: 20784, Message: "ships on 2026-11-28; planned from that day on", DefinedAt: at}},
		Findings: []plan.Finding{{Rule: "SHIP02", Severity: rules.Warn, Address: `batch.b["f"]`, Message: "midnight", Count: 1, DefinedAt: at}},
		Batches:  []*spec.BatchCount{{Address: "batch.b", Files: 1, Rows: 1200, Orders: 870, Repeated: 322, LeftOut: 6, Replaced: 1, Bad: 1}},
		Replaced: []spec.Replacement{{Address: `batch.b["r"]`, Place: at, By: "release", ByPlace: spec.Place{File: "main.hcl", Line: 3}, Reason: "settled"}, {
			Address: `batch.b["s"]`, Place: at, By: spec.StepLatest, ByAddress: `batch.b["s"]`, ByPlace: spec.Place{File: "u.csv", Line: 3},
		}},
		Stopped: []plan.StoppedBatch{{Address: "batch.c", Code: plan.BatchStopped, Held: 21, MaxHeld: 20, Orders: 4, Where: "b.hcl:9", Raise: "Whoever may change b.hcl can raise it, in review.", Messages: []string{"This is not a time"}}},
	}
}

func encoded(t testing.TB, p *plan.Plan) (content []byte, hash string) {
	t.Helper()
	var b bytes.Buffer
	hash, err := p.Encode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), hash
}

func TestAPlanComesBackAsItWas(t *testing.T) {
	for name, p := range map[string]*plan.Plan{"full": fullPlan(), "empty": {CreatedAt: noon}} {
		content, hash := encoded(t, p)
		got, gotHash, err := plan.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(p, got, cmpopts.EquateEmpty()); diff != "" || gotHash != hash {
			t.Errorf("%s: hash %s, want %s (-want +got):\n%s", name, gotHash, hash, diff)
		}
		if again, err := got.Hash(); err != nil || again != hash {
			t.Errorf("%s: the plan that was read has the hash %s, %v", name, again, err)
		}
	}
}

// A line has no greatest length: what can be saved can be opened.
func TestALongLineOfAPlan(t *testing.T) {
	p := fullPlan()
	p.Changes[0].Reason = strings.Repeat("because ", 1<<18)
	content, hash := encoded(t, p)
	got, gotHash, err := plan.Decode(bytes.NewReader(content))
	if err != nil || gotHash != hash || got.Changes[0].Reason != p.Changes[0].Reason {
		t.Errorf("hash %s, want %s, error %v", gotHash, hash, err)
	}
}

// A large plan is decoded in pieces, side by side.
func TestALargePlan(t *testing.T) {
	p := fullPlan()
	for i := range 5000 {
		c := p.Changes[i%2]
		c.Order.ID = sprintf("o%d", i)
		p.Changes = append(p.Changes, c)
	}
	content, hash := encoded(t, p)
	got, gotHash, err := plan.Decode(bytes.NewReader(content))
	if diff := cmp.Diff(p, got); diff != "" || gotHash != hash || err != nil {
		t.Fatalf("hash %s, want %s, error %v (-want +got):\n%.2000s", gotHash, hash, err, diff)
	}
	lines := bytes.SplitAfter(content, []byte("\n"))
	for _, damaged := range []int{4900, 2000, 100} {
		lines[damaged-1] = []byte("{\"change\":7}\n")
		want := sprintf("damaged at line %d.", damaged)
		if _, _, err := plan.Decode(bytes.NewReader(bytes.Join(lines, nil))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// Whatever is done to a byte of the file, it is refused, and with a remedy.
func TestEveryByteOfAPlanCounts(t *testing.T) {
	content, _ := encoded(t, fullPlan())
	refused := func(what string, altered []byte) {
		t.Helper()
		if _, _, err := plan.Decode(bytes.NewReader(altered)); err == nil || !strings.Contains(err.Error(), "plan") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range content {
		for _, flip := range []byte{0x20, content[i] ^ ' '} {
			if flip != 0 {
				altered := bytes.Clone(content)
				altered[i] ^= flip
				refused(sprintf("byte %d of %q", i, content[max(0, i-8):min(len(content), i+8)]), altered)
			}
		}
		refused(sprintf("cut at %d", i), content[:i])
	}
	lines := bytes.SplitAfter(content, []byte("\n"))
	for i := range lines[:len(lines)-1] {
		refused(sprintf("without line %d", i+1), bytes.Join(append(append([][]byte{}, lines[:i]...), lines[i+1:]...), nil))
	}
	refused("a line more", append(bytes.Clone(content), "{}\n"...))
	refused("a change more", append(bytes.Clone(content), lines[1]...))
	refused("a line feed more", append(bytes.Clone(content), '\n'))
	refused("twice", append(bytes.Clone(content), content...))
	refused("a long line", append([]byte(`{"format":"gdfctl-plan","x":"`), bytes.Repeat([]byte("x"), 2<<20)...))
}

func TestAPlanOfAnotherFormat(t *testing.T) {
	content, _ := encoded(t, fullPlan())
	for _, version := range []string{"1", "3"} {
		other := strings.Replace(string(content), `"file_version":2`, `"file_version":`+version, 1)
		if _, _, err := plan.Decode(strings.NewReader(other)); err == nil || !strings.Contains(err.Error(), "format "+version+", and this version reads format 2: make a new plan") {
			t.Errorf("%s: %v", version, err)
		}
	}
	for _, other := range []string{"", "\n", "{}\n", "[]\n", "PK\x03\x04", `{"format":"gdfctl-state"}` + "\n"} {
		if _, _, err := plan.Decode(strings.NewReader(other)); err == nil || other != "" && !strings.Contains(err.Error(), "not a saved plan") {
			t.Errorf("%q: %v", other, err)
		}
	}
}

// A saved plan stays as it is, to the letter: another run opens it.
func TestTheFileOfAPlan(t *testing.T) {
	for name, p := range map[string]*plan.Plan{"full": fullPlan(), "empty": {CreatedAt: noon}} {
		got, _ := encoded(t, p)
		golden := "testdata/" + name + ".golden.plan"
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
