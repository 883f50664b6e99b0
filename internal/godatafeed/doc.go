// Package godatafeed is the client of the GoDataFeed HTTP API, version 1:
// orders and their few writes, feeds and their files.
//
// What it promises:
//
//   - A write is sent at most once. Its error says what is certain about the
//     effect: not executed, refused, or unknown (OutcomeOf). Only reads are
//     repeated here, within a budget; whether a write may be repeated is the
//     caller's decision.
//   - A caller's journal is asked after everything that can wait (token, room
//     in the bucket) and right before the bytes are sent (BeforeSend).
//   - A caller's gate is asked last of all, in the connection's Write, for each
//     attempt: a call that was held up anywhere before does not leave once the
//     gate is closed (Gated). One that was given up is not delivered later.
//   - Calls of all processes of a machine, or of all machines, share one bucket,
//     so that they don't overflow the API's (Limiter).
//   - Neither token, consumer key nor URL is in any error. Foreign text in
//     errors is masked, escaped and cut.
//   - A buyer is read by the methods whose names say so, and by no other.
//   - An answer that is not understood is an error, never an empty result.
//
// A call goes through these files: orders.go (what is asked) → read.go or
// write.go (may it be repeated, what does the answer mean) → exchange.go (one
// attempt) → endpoint.go (path and authentication) → transport.go → gate.go. Read
// client.go first, then errors.go. Of the call limit, bucket.go is who waits, leak.go the
// arithmetic, place.go where levels are kept, and sharing.go what many machines need more.
package godatafeed
