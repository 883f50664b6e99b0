// Package published keeps the plans that reviewers were shown, in a log of their
// own beside the state's: whoever plans a pull request publishes there, without
// any right to write the state.
//
// Nothing here is trusted. Anybody who can push a branch can write to such a log,
// so what is read may have been made by anybody: records that can't be understood
// are passed over, and what a plan says is for the reader to compare with a plan
// that it makes itself. It promises that
//   - what was published is whole, or not there: a plan is named after its bytes;
//   - publishing never waits for a lease, and never takes one;
//   - a plan goes when its time is over, and when somebody discards it.
//
// Read store.go first; record.go has what is kept.
package published
