package order_test

import (
	"testing"

	"github.com/gdfctl/gdfctl/internal/order"
)

func TestMarketplacesWords(t *testing.T) {
	for raw, want := range map[string]struct {
		status  order.Status
		word    string
		unready order.Unready
	}{
		"":                         {"", "", order.Ready},
		"Unshipped":                {order.New, "unshipped", order.Ready},
		"Awaiting_Shipment":        {order.New, "awaitingshipment", order.Ready},
		" PENDING ":                {order.New, "pending", order.Unpaid},
		"partially-Shipped":        {order.Processing, "partiallyshipped", order.PartlySent},
		"Shipped":                  {order.Shipped, "", order.Ready},
		"Delivered":                {order.Shipped, "delivered", order.Ready},
		"CANCELED":                 {order.Cancelled, "", order.Ready},
		"voided":                   {order.Cancelled, "voided", order.Ready},
		"Refunded before shipping": {"unknown:Refunded before shipping", "", order.Ready},
		"_":                        {"", "", order.Ready},
	} {
		status, word := order.ParseSourceStatus(raw)
		if live := (order.Live{SourceWord: word}); status != want.status || word != want.word || live.Unready() != want.unready {
			t.Errorf("%q is %q, %q, %q", raw, status, word, live.Unready())
		}
	}
	for status, off := range map[string]bool{"": false, "Enabled": false, "ENABLED": false, "Disabled": true} {
		if (order.Live{SyncStatus: status}).SyncOff() != off {
			t.Errorf("%q", status)
		}
	}
}
