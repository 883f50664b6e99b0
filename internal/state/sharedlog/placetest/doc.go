// Package placetest is the suite that every place of a shared log joins: what
// sharedlog.Place asks, on real servers where the place has some. A place joins with a
// test that says how a fresh log is opened, as memlog does.
//
// It promises that of two writers one wins, always, that a writer who believes in
// an old end never adds anything, and that readers miss nothing and learn when
// something is gone. Faults on the way to a server are each place's own to test.
//
// Read suite.go for the list of tests and for what a place says about itself.
package placetest
