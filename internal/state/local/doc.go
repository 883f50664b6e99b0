// Package local keeps a state in files of this machine, beside the
// configuration.
//
// It promises what internal/state/backend asks, and:
//   - The lock is the kernel's: it ends with its process, and who loses it finds
//     out before the next call is begun.
//   - The snapshot before the present one is kept as a backup, and there is no
//     moment in which both are missing.
//   - All files are their owner's alone, and no link is followed instead of one.
//
// Read paths.go for the files, local.go for how they are written, lock.go for who
// may write them.
package local
