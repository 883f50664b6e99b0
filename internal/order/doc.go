// Package order is the vocabulary of the project: what an order is called,
// which states it can be in, which values gdfctl compares and changes, and
// which actions change them.
//
// It is on the ground floor: every other package may import it, and it
// imports none of them. It holds no personal data; the buyer of an order has
// no place in these types. Read values.go first.
package order
