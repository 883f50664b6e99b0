// Package disk writes gdfctl's files so that a crash, a second process or a
// full disk never leaves half of one behind.
//
// It promises:
//   - Replace and Swap leave the whole old file or the whole new one. What
//     Replace put in place is durable when it returns; what Swap did is whole,
//     and may be the old file again after a crash of the machine.
//   - gdfctl's own files can be read by their owner only, whatever the umask is,
//     and no link is followed instead of one of them.
//   - A Lock is held by the kernel: it ends with its process.
//
// What is special to an operating system is in this package and nowhere else.
// Read files.go first: tests replace FS to fail, forget and tear.
package disk
