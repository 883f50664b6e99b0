// Package pglimit keeps the levels of accounts' call limits in a table of PostgreSQL, so
// that all machines share them.
//
// It promises what godatafeed.Place asks, and:
//
//   - What has leaked is computed by the database's clock. Those of machines don't matter.
//   - A taking is one UPDATE, which is committed before it returns. A crash of the server
//     or of whoever asks loses none that was answered; one that was not answered may
//     count, and leaks.
//   - It connects at the first call, with at most two connections of a process, and keeps
//     nothing in a session: a pooler that hands each transaction to another one will do.
//   - Nothing of the url is in any message.
//
// table.go has what is kept, sql.go what happens to it, limits.go who asks.
package pglimit
