// Package statetest is the suite that every backend of a state joins: what a
// state promises, on whatever keeps it. A backend joins with a test here that
// says how a place is made for a test, as local_test.go does.
//
// It promises that a backend which passes loses no outcome and doubles no entry
// of the audit log, wherever a run ends. Read suite.go for the list of tests,
// crash.go for runs that end at each of their writes.
package statetest
