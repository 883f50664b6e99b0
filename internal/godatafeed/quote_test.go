package godatafeed

import (
	"net/http"
	"strings"
	"testing"
)

// An answer that can't be understood may hold an order, and with it a buyer.
// Its words are not quoted, whatever it was an answer to.
func TestNoErrorQuotesAnOrder(t *testing.T) {
	ctx := t.Context()
	const order = `{"OrderId":"a","LastName":"Quorvath","Street1":"12 Plumbago Crescent"}`
	for name, body := range map[string]string{
		"cut":                     `{"Success":true,"Orders":[` + order,
		"a list":                  "[" + order + "]",
		"of another type":         `{"Success":true,"Message":` + order + `}`,
		"without a list":          order,
		"an order as the list":    `{"Success":true,"Orders":` + order + `}`,
		"a refusal with an order": `{"Success":false,"Orders":[` + order + `]}`,
		"behind white space":      "\n\n " + order[:len(order)-1],
	} {
		for _, status := range []int{200, 400, 404, 500} {
			c := clientOf(t, func(*http.Request) (*http.Response, error) {
				return respond(status, body, "Content-Type: application/json"), nil
			}, quickly)
			for _, err := range []error{
				second(c.CountOrders(ctx, someDay)), second(c.ListOrders(ctx, someDay, 1, 1)), second(c.GetOrder(ctx, "b")),
				c.Ship(ctx, "a", Shipment{}, nil), c.Cancel(ctx, "a", nil),
			} {
				if err != nil && (strings.Contains(err.Error(), "Quorvath") || strings.Contains(err.Error(), "Plumbago")) {
					t.Errorf("%s, status %d: %q quotes the buyer", name, status, err)
				}
			}
		}
	}
}

// Of foreign text only words are shown that the API is known to use. A key can
// be made of these.
func TestASecretOfKnownWordsIsMasked(t *testing.T) {
	const key, token = "order-status-update", "invalid-token-expired"
	c := clientOf(t, func(*http.Request) (*http.Response, error) {
		return respond(400, `{"Message":"invalid value: `+key+`, INVALID-token-expired"}`), nil
	}, func(o *Options) { o.ConsumerKey, o.Token = key, token })
	err := c.Ship(t.Context(), "id", Shipment{}, nil)
	if text := strings.ToLower(err.Error()); !strings.Contains(text, "invalid value") || strings.Contains(text, key) || strings.Contains(text, token) {
		t.Errorf("%q", err)
	}
}
