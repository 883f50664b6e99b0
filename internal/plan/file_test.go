package plan

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gdfctl/gdfctl/internal/order"
)

func savedPlan(t *testing.T) (p *Plan, file []byte, hash string) {
	t.Helper()
	p = &Plan{
		CreatedAt: noon, Version: "0.1.0", Lineage: "l", Serial: 3, ConfigHash: "c", Orders: 2,
		Changes: []Change{{
			Address: `order["x"]`, Account: "main", Order: order.Ref{ID: "id-0"}, Actions: []order.Action{order.Ship}, Attempt: 1,
			Before: order.Values{Status: order.New}, After: order.Values{Status: order.Shipped, Tracking: "1Z1"}, ReadAt: noon,
		}},
		Held: []Held{{Address: `order["y"]`, Account: "main", Code: NotFound, Message: "no such order"}},
	}
	var b bytes.Buffer
	hash, err := p.Encode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return p, b.Bytes(), hash
}

func TestASavedPlanIsReadBack(t *testing.T) {
	p, file, hash := savedPlan(t)
	got, gotHash, err := Decode(bytes.NewReader(file))
	if err != nil || gotHash != hash {
		t.Fatalf("%v, hash %s, want %s", err, gotHash, hash)
	}
	if diff := cmp.Diff(p, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is executed is what was shown: whichever byte was changed, and wherever
// the file was cut.
func TestAnAlteredPlanIsRefused(t *testing.T) {
	_, file, _ := savedPlan(t)
	for i := range file {
		altered := bytes.Clone(file)
		altered[i] ^= 0x01
		if _, _, err := Decode(bytes.NewReader(altered)); err == nil && i < len(file)-1 {
			t.Fatalf("byte %d (%q) can be changed unseen", i, file[i])
		}
		if i == len(file)-1 {
			continue // without its last line end it is whole
		}
		if _, _, err := Decode(bytes.NewReader(file[:i])); err == nil {
			t.Fatalf("it can be cut at byte %d unseen", i)
		}
	}
	if _, _, err := Decode(bytes.NewReader(append(bytes.Clone(file), "{}\n"...))); err == nil {
		t.Error("a line can be added unseen")
	}
}
