// Package memlog is a log in memory, for tests: what a place promises, in the
// plainest way, with everything that can go wrong with one at will.
//
// A Store is the log, and a Place is how one machine sees it. Each call takes
// effect at one moment, so that a Store is also the model that other places are
// compared with. What goes wrong is decided by one function for each call, and no
// clock but the test's own is used: in a bubble of testing/synctest all waiting is
// fake.
//
// Read store.go for what a log does, fault.go for what can go wrong.
package memlog
