// Package postgres connects to a PostgreSQL server that a url names.
//
// It promises:
//
//   - Nothing of the url is in any message: neither address nor user nor password.
//   - What goes to another machine is encrypted, unless the url itself says sslmode=disable.
//   - It keeps nothing in a session, and prepares no statement there, and so works
//     behind a pooler that hands each transaction to another connection.
//   - A transaction is one message to the server, with its begin and end in it. So no
//     lock outlives a writer that vanishes. It is on the server's disk when it returns.
//
// Read server.go for what a url means, pool.go for connections, alive.go for whether
// one can still be used, statement.go for what is sent over them, cause.go for what is
// said when that fails.
package postgres
