package plan_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gdfctl/gdfctl/internal/plan"
)

// FuzzPlanFile: whatever bytes are read as a plan, they are refused or a plan,
// and a plan that was read is written and read again as it is.
func FuzzPlanFile(f *testing.F) {
	for _, p := range []*plan.Plan{fullPlan(), {CreatedAt: noon}} {
		content, _ := encoded(f, p)
		f.Add(content)
		f.Add(content[:len(content)/2])
		f.Add(append(bytes.Clone(content), content...))
	}
	f.Add([]byte(`{"format":"gdfctl-plan","file_version":2}` + "\n"))
	f.Add([]byte(`{"format":"gdfctl-plan","file_version":2}` + "\n" + `{"change":{"actions":["ship"]}}` + "\n"))
	f.Add([]byte(`{"lines":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}` + "\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		p, hash, err := plan.Decode(bytes.NewReader(content))
		if err != nil {
			if p != nil || hash != "" {
				t.Fatalf("a plan with an error: %v", err)
			}
			return
		}
		again, _ := encoded(t, p)
		got, _, err := plan.Decode(bytes.NewReader(again))
		if err != nil {
			t.Fatalf("what was written is refused: %v", err)
		}
		if diff := cmp.Diff(p, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("what was read and written differs:\n%s", diff)
		}
	})
}

// FuzzAsked: whatever a plan file says, with a last line that fits it, nothing is
// sent that the configuration does not ask for.
func FuzzAsked(f *testing.F) {
	api, wishes := askedWorld()
	p, in := askedPlan(f, api, wishes, stateOf(f))
	content, _ := encoded(f, p)
	lines := bytes.SplitAfter(content, []byte("\n"))
	f.Add(bytes.Join(lines[:len(lines)-2], nil))
	f.Add(bytes.Join([][]byte{lines[0], lines[2], lines[2]}, nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		saved, _, err := plan.Decode(strings.NewReader(string(body) + trailer(string(body))))
		if err != nil {
			return
		}
		got, unasked := asked(in, saved)
		if (got == nil) == (len(unasked) == 0) {
			t.Fatalf("a plan and %v", unasked)
		}
		if got == nil {
			return
		}
		if diff := sendsMore(p, got, api); diff != "" {
			t.Fatal(diff)
		}
	})
}
