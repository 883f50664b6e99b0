package checkout

import (
	"os/exec"
	"strconv"
	"syscall"
)

// noWindow gives a process no console: there is nobody to ask.
const noWindow = 0x08000000

// InOwnGroup takes a command out of the reach of Ctrl-C: whether it ends is
// this program's to decide. Windows knows no group that can be ended as a whole,
// so its tree is.
func InOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | noWindow}
	cmd.Cancel = func() error {
		if err := exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run(); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
}
