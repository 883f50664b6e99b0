// Package backend is the seam between a state and where it is kept: files of
// this machine today, and a branch, a bucket or a database behind the same two
// interfaces.
//
// The seam is cut at bytes. What is kept has five parts, and their formats are
// the state's own, whatever keeps them: so each backend keeps the same readable
// files, folding after a crash is written once, and a backend is small. It
// promises that
//   - of all who call Lock, one at a time gets a Lease, and one that lost it finds
//     out from Held, or from a write that is refused, before it begins a call;
//   - what was written is durable when Sync returns, and a part that is replaced
//     is a whole old or a whole new one;
//   - reading takes no lock.
//
// A backend is a package that implements Backend, joins the suite of
// internal/state/statetest, and has a line in the table of
// internal/reconcile/backends.go: which attributes its block can have, and what
// makes a backend of them. Read backend.go.
package backend
