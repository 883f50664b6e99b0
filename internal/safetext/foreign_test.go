package safetext

import "testing"

func TestForeignShowsOnlyKnownWords(t *testing.T) {
	tests := map[string]string{
		"Only 'CANCELLED' or 'SHIPPED' status updates are allowed.": "Only 'CANCELLED' or 'SHIPPED' status updates are allowed.",
		"Order not found (404)":      "Order not found (404)",
		"OrderStatus: invalid value": "OrderStatus: invalid value",
		"no parcel for Zoë Quorvath, 12 Plumbago Crescent, +1 555-0107788": "no parcel for … 12 … +1 …",
		"write to ann.lee@example.com please":                              "write to … please",
		"token 4f9d8a7b6c5e is invalid":                                    "token … is invalid",
		"<html><h1>Service Unavailable</h1>Quorvath</html>":                "Service Unavailable …",
		"call 3055550107 or 33172":                                         "call … or …",
		"Amazon 112-1234567-1234567 can't be shipped":                      "Amazon … can't be shipped",
		"\x1b[31mError\x1b[0m":                                             "…",
		"":                                                                 "",
	}
	for text, want := range tests {
		if got := Foreign(text); got != want {
			t.Errorf("Foreign(%q) = %q, want %q", text, got, want)
		}
	}
}
