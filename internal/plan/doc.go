// Package plan finds out what has to be done: it reads the live orders in as few
// calls as possible, compares them with the wishes of a configuration and with
// the state, and makes a Plan, which is data alone and can be shown, saved and
// executed.
//
// Read has the side effects; Build is a pure function of what was read. The
// decision table, which is the heart of the product, is in decide.go. Nothing
// here writes to the API.
package plan
