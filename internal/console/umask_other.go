//go:build !unix

package console

// OwnersKeep has nothing to do where there is no umask.
func OwnersKeep() {}
