//go:build race

package apply_test

// The race detector makes each run some four times slower, and sees in a few what it would
// see in many: scripts/exhaustive.sh plays many without it.
const (
	faultSeeds = 1
	courses    = "20"
	accounts   = 12
	manyOrders = 1500
)
