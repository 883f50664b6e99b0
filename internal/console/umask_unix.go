//go:build unix

package console

import "syscall"

// OwnersKeep lets no umask take what the program writes away from its owner: a
// plan, a lock or a state that its owner can't read is of no use to anybody.
func OwnersKeep() {
	syscall.Umask(syscall.Umask(0o077) &^ 0o700)
}
