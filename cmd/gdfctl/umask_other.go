//go:build !unix

package main

// ownersKeep has nothing to do where there is no umask.
func ownersKeep() {}
