// Package webfile guards a listener as a web configuration file says, in the format of Prometheus'
// exporters: TLS, client certificates, and users with passwords.
//
// It promises:
//
//   - What a file says and this package can't do is an error: nothing is less guarded than
//     the file says.
//   - A certificate that is renewed is used from the next connection on. If the new one can't
//     be used, the one before stays.
//   - Passwords are compared with their bcrypt hashes, one at a time, and no answer shows
//     whether a user exists.
//
// The library of Prometheus for such files, exporter-toolkit, links the templates of Go's
// library through what it imports: the program would be 11 MB larger, which is 37 %.
//
// Read file.go first.
package webfile
