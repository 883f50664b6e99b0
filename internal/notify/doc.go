// Package notify sends what a command found to people, through webhooks: a feed
// failed or recovered, orders were refused, held back, or have an unknown
// outcome. It takes events and knows nothing of how they came to be.
//
// What it promises:
//
//   - Sending never blocks. A webhook that fails costs at most TotalTimeout and
//     an error; no result, exit code or change of an order depends on it.
//   - Once per change. What was sent is remembered (Memory), so that a
//     look every quarter of an hour does not repeat itself. What could not be
//     delivered is remembered too, and goes with the next message.
//   - At least once, and never silently twice: after a crash between an answer
//     and its being remembered, an event comes again, under the same id.
//   - One message for all that a command found.
//   - A webhook's address is a secret: it is in no error. A host is named.
//   - No redirect is followed: the transport is called as it is, without an
//     http.Client above it.
//
// Read event.go first, then memory.go (what is new), notifier.go (the order of
// remembering and sending) and send.go (one message, with its repetitions).
package notify
