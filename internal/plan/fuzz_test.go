package plan_test

import (
	"bytes"
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
	f.Add([]byte(`{"format":"gdfctl-plan","file_version":1}` + "\n"))
	f.Add([]byte(`{"format":"gdfctl-plan","file_version":1}` + "\n" + `{"change":{"actions":["ship"]}}` + "\n"))
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
