// Package commandline is how a command line is read, the same for each command:
// arguments, formats, durations, groups of commands, the flags that several commands
// have, and what is said of a line that can't be understood.
//
// It knows no use case and prints nothing but help and scripts for shells, and lists
// the flags of the simulator, of which there are many. usage.go has the error of a
// wrong command line, format.go the flags --format and --json, variables.go those of
// variables, reports.go those of report files and CI systems, shared.go the others.
package commandline
