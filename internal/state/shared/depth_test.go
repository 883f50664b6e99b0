//go:build !race

package shared

const (
	// depth is how many events a history of TestModel has at most, counted from when A
	// has the lease and B waits for it: enough for each of the histories that broke earlier
	// versions of the protocol.
	depth = 10
	// recordsPerDay is how long the log of TestEveryReaderGetsAWholeState is.
	recordsPerDay = 3000
)
