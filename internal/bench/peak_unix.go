//go:build unix

package main

import (
	"errors"
	"os"
	"runtime"
	"syscall"
)

// peak returns the most memory that a process had, in bytes.
func peak(ended *os.ProcessState) (float64, error) {
	used, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errors.New("this system does not report what a process used")
	}
	if runtime.GOOS == "darwin" {
		return float64(used.Maxrss), nil
	}
	return float64(used.Maxrss) * 1024, nil // all others count KiB
}
