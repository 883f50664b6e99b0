package spec

import "github.com/gdfctl/gdfctl/internal/order"

// Release takes an order out of gdfctl's hands, because people took care of it themselves.
type Release struct {
	Account *Account
	Find    Find
	Reason  string
	Place   Place
}

// Covers reports whether the release is about a live order of an account, which
// has that number at the seller. Only the live order shows that a release and a
// wish name the same order in different ways.
func (r *Release) Covers(account string, ref order.Ref, orderNumber string) bool {
	return r.Account.Name == account && r.Find.Matches(ref, orderNumber)
}
