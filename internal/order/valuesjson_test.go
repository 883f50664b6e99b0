package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gdfctl/gdfctl/internal/order"
)

// Values are written as encoding/json would write a struct of pointers, whatever
// they hold.
func TestValuesAsJSON(t *testing.T) {
	type plain struct {
		Status      *string    `json:"status"`
		OrderNumber *string    `json:"order_number"`
		Tracking    *string    `json:"tracking_number"`
		Carrier     *string    `json:"carrier"`
		ShippedAt   *time.Time `json:"shipped_at"`
	}
	nullable := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	text := rapid.OneOf(rapid.Just(""), rapid.SampledFrom([]string{"UPS", `a "b" \c`, "<a>&b", "\u2028\x00\x7f\xff", "Größe"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		v := order.Values{
			Status: order.Status(text.Draw(t, "status")), OrderNumber: text.Draw(t, "order number"), Tracking: text.Draw(t, "tracking"), Carrier: text.Draw(t, "carrier"),
		}
		p := plain{nullable(string(v.Status)), nullable(v.OrderNumber), nullable(v.Tracking), nullable(v.Carrier), nil}
		if seconds := rapid.Int64Range(0, 250_000_000_000).Draw(t, "shipped at"); seconds > 0 {
			v.ShippedAt = time.Unix(seconds, 999).In(time.FixedZone("", 3600))
			p.ShippedAt = new(v.ShippedAt.UTC().Truncate(time.Second))
		}
		want, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	if _, err := json.Marshal(order.Values{ShippedAt: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}); err == nil {
		t.Error("a year of five digits is written")
	}
}
