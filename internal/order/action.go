package order

// Action is one change to one order: one call of the API.
type Action string

// The actions, in the words of plans, journals and audit logs.
const (
	Acknowledge Action = "acknowledge"
	Ship        Action = "ship"
	Correct     Action = "correct" // ships again with another tracking number
	Cancel      Action = "cancel"
)
