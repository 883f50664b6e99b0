// Package archtest holds the shape of the project: which package may import
// which, what may come from outside, and a few rules about files. It has tests
// only, and nothing imports it.
//
// The tables in rooms_test.go are the floors that docs/architecture.md
// explains. A change that does not fit them redraws both.
//
// The habits in habits_test.go are ways of writing that are kept out of the
// documents, the messages and the comments that go doc shows.
package archtest
