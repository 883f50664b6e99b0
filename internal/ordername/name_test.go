package ordername

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/order"
)

func TestName(t *testing.T) {
	ref := order.Ref{ID: "bP5r", Source: "Amazon", SourceNumber: "112-1"}
	values := order.Values{OrderNumber: "SO-1", Tracking: "9400 1118 9922 3857 1020 40"}
	for word, want := range map[string]bool{
		"bP5r": true, "BP5R": false, "112-1": true, " amazon 112-1 ": true, "Amazon/112-1": true, `batch.x["Amazon/112-1"]`: true,
		`order.x`: false, "so-1": true, `batch.x["#SO-1"]`: true, "9400111899223857102040": true, "420902109400111899223857102040": true,
		"94001118": false, "": false, "-": false, "112": false, "Ebay 112-1": false,
	} {
		n := Parse(word)
		if got := n.Ref(ref) || n.Values(values); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
	if n := Parse("--"); n.Tracking("- -") || n.Tracking("") || n.Ref(order.Ref{}) {
		t.Error("a name without letters and digits names something")
	}
}
