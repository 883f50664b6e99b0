//go:build !linux && !darwin && !windows

package disk

import "time"

// SinceBoot is 0: this system has no clock that counts the time in which the machine
// is suspended. The wall clock does.
func SinceBoot() time.Duration { return 0 }
