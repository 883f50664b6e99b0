// Package shared keeps a state in one log that several machines share: see
// internal/state/sharedlog.
//
// Lock, fence, journal and commit are records of that log. It promises what
// internal/state/backend asks, and:
//   - A holder is alive while records of its epoch come. Who waits takes over when
//     none came for a lease, counted inside one process on clocks that can't be set
//     forward; nothing that a disk remembers counts.
//   - A holder sends only while its lease is certain, by clocks that can't be set
//     back, and knows that it lost the lease before it sends anything more.
//   - After every acquire that is not behind a release, nothing is sent until calls of
//     the former holder can't take effect any more.
//   - What no order depends on is added without a lease, and takes none: notes.go.
//   - An outcome is never lost with the lease: it is kept on this machine first, and
//     recorded late.
//   - Everybody who reads gets a whole state, also while it is trimmed, and where the
//     newest snapshot is damaged.
//
// The parts of a state are files in a private folder of this process, made from the
// log: view.go. Read lock.go and lease.go for who may write, append.go for how a
// record gets into the log, commit.go for snapshots.
package shared
