// Command mutants holds the tests to account. It plants bugs, one at a time,
// and expects a test to fail for each: a suite that misses one would not
// notice that mistake in a change either.
//
//	go run ./internal/mutants [-run REGEXP] [-jobs N]
//
// The bugs are data, in testdata/mutants, and docs/mutants.md lists them.
// Nothing in the program knows of them, and the tree that it is run in stays
// as it is: the sources are copied once, and each bug is laid over the copy.
// It exits with 1 if a bug is missed, no longer fits the sources or doesn't
// build, and with 2 if it could not find out.
//
// mutant.go reads the format of the files, and explains it; trial.go is what
// is done with one of them; gotest.go understands what `go test` says.
package main
