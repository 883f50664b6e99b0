// Package completion is what the Tab key offers in a shell: the values of flags and
// the arguments of commands. It reads the configuration and the state, asks no API,
// and ends within [completionTime]. words.go is all of it.
package completion
