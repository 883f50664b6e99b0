package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// An order whose marketplace says that it can't be shipped is not shipped. One that is
// shipped in part is not canceled either: a parcel is on its way.
func TestOrdersThatAreNotReady(t *testing.T) {
	a := mainAccount()
	for word, code := range map[string]string{"pending": "not_ready", "partiallyshipped": "split_shipment", "unshipped": ""} {
		l := live(1, func(l *order.Live) { l.SourceWord = word })
		for wanted, expect := range map[order.Status]string{order.Shipped: "ship id-1", order.Cancelled: "cancel id-1"} {
			if wanted == order.Shipped && code != "" {
				expect = "held id-1 Amazon 112-1 " + code
			}
			if wanted == order.Cancelled && word == "partiallyshipped" {
				expect = "held id-1 Amazon 112-1 already_shipped"
			}
			p := mustBuild(t, input(t, &script{orders: []order.Live{l}}, []spec.Wish{want(a, byID(1), order.Values{Status: wanted, Tracking: "1Z999AA10123456784"})}, stateOf(t)))
			if diff := cmp.Diff([]string{expect}, outcome(p)); diff != "" {
				t.Errorf("%s, %s: (-want +got):\n%s", word, wanted, diff)
			}
		}
	}
}
