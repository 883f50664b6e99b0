// Command notice writes NOTICE: whose code is linked into gdfctl, and under
// which licenses.
//
// It promises that no module is left out: those of every system that gdfctl is
// built for are listed, and a license that it does not recognize is an error. A
// test compares the file with what is linked now.
//
// Read main.go first.
package main
