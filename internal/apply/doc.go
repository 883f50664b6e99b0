// Package apply executes a plan: acknowledges, then cancels, then ships, each
// by the order's age, all accounts side by side, under the call limit.
//
// A shipped order can't be unshipped, so nothing here guesses. Every call is
// journaled before it is sent; its outcome is done, refused, not executed, or
// unknown; after an unknown one it waits, rereads the order, and repeats the
// call only if the order is as it was before. Whether the run still holds its
// state is asked last of all, when the bytes leave. No call rests on a read older than
// plan.Freshness (clock.go), however long it waited for its turn.
//
// run.go has the entry point. lane.go is one account's coordinator, a single
// goroutine that owns all decisions about what runs next; task.go is one call
// to be made; send.go, reread.go and window.go are the three things that a
// lane's workers do. ahead.go is what is different where intents are written down
// in windows, takeover.go what is waited for after another machine was lost. The
// package knows no terminal and no HCL: it reports what happens as events.
package apply
