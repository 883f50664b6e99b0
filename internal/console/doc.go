// Package console is the terminal and the process that a command runs in, and
// what differs there between the systems: signals, an output that nobody reads
// any more, escape sequences, the umask, and command lines to copy.
//
// It knows no command. commandline.go has how a command line is quoted,
// interrupt.go when a signal ends a run.
package console
