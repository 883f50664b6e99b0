// Package sandbox simulates the whole documented GoDataFeed API (version 1:
// authorization, orders, feeds) as an http.Handler, so that gdfctl can be
// tried and tested without an account.
//
// It promises to do what the API's reference says and, where the reference is
// silent, the most dangerous thing a server could do: shipping a shipped order
// again overwrites its tracking number and times, acknowledging a shipped
// order sets it back to Processing, a canceled order can be shipped, and an
// order that is inserted twice is there twice. A client that is safe here does
// not rely on luck. Open matters of form (largest page, order of a list,
// spelling of statuses, which date is filtered) can be set either way by
// Options.
//
// Faults (see [Fault] and [ParseFault]) make it fail on purpose: statuses,
// HTML, cut connections before and after a write took effect, hangs, half and
// slow bodies. Options.ExecuteLate lets writes take effect after their answer,
// Options.ReadLag lets reads show them later still. Feeds have files of any
// size, made while they are sent, and odd ones on demand ([Oddity]). The control
// side ([Sandbox.Truth], [Sandbox.Drift] and, with Options.Control, the same
// under /_sandbox/) says what really happened: every write that took effect is
// in a ledger, in order.
//
// The world follows from Options.Seed: the same seed gives the same orders and
// feeds, with dates relative to the moment of creation. In the world of seed 0
// the first orders are fixed, so that examples can name them:
//
//	source   number               status      seller's number  age
//	Amazon   112-1234567-1234567  New                          2 h
//	Amazon   112-7654321-7654321  New                          3 h
//	Amazon   113-2468013-5791357  Processing  SO-10001         5 h
//	Walmart  200011223344556      New                          6 h
//	Walmart  200012233445567      Processing  SO-10002         9 h
//	eBay     07-11223-34455       New                          11 h
//	eBay     07-22334-45566       Processing  SO-10003         14 h
//	Amazon   114-1357913-2468024  Processing  SO-10004         20 h
//	Walmart  200013344556678      Processing  SO-10005         26 h
//	eBay     07-33445-56677       New                          30 h
//
// Buyers are made up. They are derived from the order's id when an order is
// served and are kept nowhere; what a client inserts as a buyer stays in
// memory and is never written to Options.File.
//
// Read sandbox.go and handler.go first.
package sandbox
