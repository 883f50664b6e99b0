package disk

import (
	"time"

	"golang.org/x/sys/unix"
)

// SinceBoot is a clock that nobody sets and that counts the time in which the
// machine is suspended. Only its differences mean something.
func SinceBoot() time.Duration { return readClock(unix.CLOCK_MONOTONIC) }
