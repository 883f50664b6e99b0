// Package layout gives configuration files their canonical layout, for the
// command fmt.
//
// What it promises:
//   - the meaning of a file stays the same, and one with a syntax error is not
//     touched;
//   - formatting a formatted file changes nothing;
//   - a file is replaced as a whole, or not at all.
//
// Read file.go first, then layout.go.
package layout
