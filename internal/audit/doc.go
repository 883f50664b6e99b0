// Package audit keeps the audit log: one entry for each change to an order, and
// for each intervention of people.
//
// It promises:
//   - The log is a chain of hashes to which lines are only added. Verify finds a
//     line that was changed, removed, inserted or moved.
//   - The end of the log can be signed with a key that no file here holds.
//   - What was appended is durable when Log.Sync returns, and each entry is
//     written once, however often a run is recovered.
//
// Read entry.go for what an entry says, chain.go for the format of a line, log.go
// for how lines are added, verify.go and sign.go for how they are proven.
package audit
