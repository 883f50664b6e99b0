// Package neworder is an order that must exist, as a row of a table has it: the fields of
// the API's InsertOrder, checked as far as that needs no network, and the body that is
// sent.
//
// This is the only package in which gdfctl holds a buyer. So it keeps nothing: an Order
// is made of a row, asked for what plans may know of it, or sent, and let go. No fault
// that it finds, and no text that it makes for people, holds a value of a row. Amounts
// are decimal from the row to the body.
//
// Read field.go first: everything else goes by its list.
package neworder
