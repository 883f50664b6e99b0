//go:build unix

package gitlog

import (
	"os/exec"
	"syscall"
)

// inOwnGroup gives a command a session of its own. An interrupt at the terminal
// does not reach it: whether a push ends is this program's to decide.
func inOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
