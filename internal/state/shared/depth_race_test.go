//go:build race

package shared

// The race detector makes each history some six times slower, and sees in short ones
// what it would see in long ones: scripts/exhaustive.sh runs the long ones without it.
const (
	depth         = 7
	recordsPerDay = 900
)
