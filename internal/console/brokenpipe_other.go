//go:build !windows

package console

import (
	"errors"
	"syscall"
)

// brokenPipe reports whether whoever read the other end of a pipe has gone.
func brokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
