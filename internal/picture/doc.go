// Package picture draws what a program prints in a terminal, with its colors, as
// an SVG image whose text can be selected.
//
// It promises that nothing is dropped silently: an escape sequence that it does
// not know is an error. The same text gives the same bytes, so that a test can
// compare a picture with what the program prints now.
//
// Read svg.go first.
package picture
