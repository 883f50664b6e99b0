// Package diag holds what is said about a place in a file: a severity, a summary,
// the remedy and the place, as plain values. The reader of configurations, the
// planner and the views all speak of mistakes in these terms, so that none of them
// needs to know which parser found one.
//
// Read diag.go for the values and limit.go for how many of them are shown.
package diag
