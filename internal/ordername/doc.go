// Package ordername is how people name an order: by its ID, by the marketplace and its
// number, by the seller's number, by a tracking number, or by an address.
//
// It promises that one word means the same orders wherever it is given: in the state,
// in the audit log, in tables, and among live orders.
package ordername
