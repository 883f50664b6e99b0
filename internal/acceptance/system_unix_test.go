//go:build unix

package acceptance

import (
	"os/exec"
	"syscall"
	"testing"
)

const (
	stop = syscall.SIGSTOP
	cont = syscall.SIGCONT
)

// asNobody lets a command run as a user without rights.
func asNobody(_ *testing.T, cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 12345, Gid: 12345}}
}
