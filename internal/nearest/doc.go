// Package nearest finds the name that somebody most likely wanted to write.
//
// It promises the same answer for the same names in any order: messages are
// compared, in tests and by people who run the program twice.
//
// Read nearest.go.
package nearest
