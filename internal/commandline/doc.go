// Package commandline is how a command line is read, the same for each command:
// arguments, formats, durations, groups of commands, and what is said of a line
// that can't be understood.
//
// It knows no use case and prints nothing but help, and lists the flags of the
// simulator, of which there are many. usage.go has the error of a
// wrong command line, format.go the flags --format and --json.
package commandline
