// Package state remembers what gdfctl did: which change was applied to which
// order, what later reads showed, and every call that was begun and whose
// outcome is not known. It owns the state file, the journal beside it, the
// lock, the file of closed orders, the audit log and what was learned of
// the API.
//
// It promises:
//   - An intent is on disk, synced, before Session.Intend returns, and an
//     outcome before Session.RecordOutcome does.
//   - The state file is a whole old or a whole new version, whatever fails
//     when. Its serial only rises and its lineage never changes.
//   - One Session at a time holds a state. One that lost its lock finds out
//     before it begins another call.
//   - A journal that a dead run left behind is folded in by the next Session,
//     once, however often that is interrupted.
//   - The audit log is a chain of hashes to which lines are only added, and
//     whose end can be signed with a key that no file here holds.
//   - No type here can hold a buyer's data or a credential.
//
// Read entry.go for what is kept, session.go for the way of a change, fold.go
// for what happens after a crash, and statefile.go, journal.go and audit.go for
// the files. The format of the audit log is described in audit.go, that of a
// signed head in auditsign.go.
package state
