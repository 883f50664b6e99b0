//go:build unix

package checkout

import (
	"os/exec"
	"syscall"
)

// InOwnGroup gives a command a session of its own. An interrupt at the terminal
// does not reach it: whether it ends is this program's to decide.
func InOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
