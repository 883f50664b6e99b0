package order

import "strings"

// Action is one change to one order: one call of the API.
type Action string

// The actions, in the words of plans, journals and audit logs.
const (
	Acknowledge Action = "acknowledge"
	Ship        Action = "ship"
	Correct     Action = "correct" // ships again with another tracking number
	Cancel      Action = "cancel"
	Insert      Action = "insert" // makes an order that is not there
)

// Joined lists actions for people: "acknowledge and ship".
func Joined(actions []Action) string {
	words := make([]string, len(actions))
	for i, a := range actions {
		words[i] = string(a)
	}
	return strings.Join(words, " and ")
}
