// Package endpoint knows the base address of an API: which addresses are
// allowed, when two spellings mean the same one, and what is shown of one and of a
// call that fails there; and the call limit that an account has unless it says otherwise.
//
// It is on the ground floor. What is kept of an order is kept under the
// endpoint that it was read from, so two spellings of one address must not make
// two orders of one. Read base.go first.
package endpoint
