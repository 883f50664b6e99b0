// Package compilation has the counts of a feed's items, as the API gives them
// with a compilation, as the history keeps them, and as reports show them. It
// promises that a count which the API did not give is never taken for 0. Read
// counts.go.
package compilation
