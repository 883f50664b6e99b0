package acceptance

import (
	"os/exec"
	"syscall"
	"testing"
)

// Windows stops no process.
const (
	stop = syscall.Signal(0)
	cont = syscall.Signal(0)
)

// asNobody skips the test: there is no user without rights to run as.
func asNobody(t *testing.T, _ *exec.Cmd) { t.Skip("this needs the users of Unix") }
