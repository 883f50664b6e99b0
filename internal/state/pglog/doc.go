// Package pglog keeps a shared log in three tables of a PostgreSQL database.
//
// It promises what sharedlog.Place asks, and:
//   - An append is one message to the server, with the transaction's begin and end
//     in it. So no record is half sent, and no lock on the log outlives a writer
//     that vanishes.
//   - A server that took over from another is a new timeline, and refuses what was
//     meant for the one before. A standby is neither read nor written: it lags, and
//     that looks like a log that lost records.
//   - A commit is on the server's disk, and on a synchronous standby if the server
//     has one, whatever the role's settings say.
//   - Nothing of the connection's address, user or password is in any message.
//   - It keeps nothing in a session, and so works behind a pooler that hands each
//     transaction to another one.
//
// Read tables.go for what is kept, append.go for how a record gets there.
package pglog
