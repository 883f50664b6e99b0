// Package spec is what people want, as plain values: accounts, wishes about orders,
// policy, watches and who is notified. It knows nothing of HCL, of files or of the
// API. Package config makes these values.
//
// All that is wanted of one order is combined in steps: combine.go has them in
// their order, and each has a file of its own. They run before anything is read,
// over wishes with equal finds, and again over wishes that turned out to be about
// one live order.
//
// Read wish.go first: everything else is about wishes. gathering.go is the way from
// single wishes to those that stand.
package spec
