package spec

// Released is an order whose wish was dropped because people settled it.
type Released struct {
	Account *Account
	Find    Find
	Reason  string
	Place   Place
}
