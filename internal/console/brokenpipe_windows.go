package console

import (
	"errors"

	"golang.org/x/sys/windows"
)

// brokenPipe reports whether whoever read the other end of a pipe has gone.
func brokenPipe(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
