// Package samples has reports that tests of views print: a shop's day, and texts that
// nobody should trust.
//
// Read day.go first.
package samples
