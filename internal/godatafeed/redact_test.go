package godatafeed

import "testing"

func TestRedactTakesTheBuyerOut(t *testing.T) {
	b := Buyer{Email: "zoe.q@example.com", Phone: "+1 (555) 010-7788", FirstName: "Zoë", LastName: "Quorvath", Street1: "12 Plumbago Crescent", City: "Ashby", State: "MI", PostalCode: "33172"}
	tests := map[string]string{
		"no parcel for Zoë QUORVATH, 12 Plumbago Crescent": "no parcel for [buyer] [buyer], 12 [buyer] [buyer]",
		"call 555-010-7788 in ASHBY 33172":                 "call [buyer]-[buyer]-[buyer] in [buyer] [buyer]",
		"Only 'CANCELLED' or 'SHIPPED' status updates":     "Only 'CANCELLED' or 'SHIPPED' status updates",
		"Quorvathian is another word":                      "Quorvathian is another word",
		"":                                                 "",
	}
	for text, want := range tests {
		if got := b.redact(text); got != want {
			t.Errorf("redact(%q) = %q, want %q", text, got, want)
		}
	}
}
