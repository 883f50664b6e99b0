// Package build is what this program was built from, as the linker and the Go
// command say: what a bug report needs to know. [This] is all of it.
package build
