// Package memory keeps what gdfctl learned and no order depends on: how the API
// lists orders, what earlier checks of feeds showed, and what people were
// notified of. All of it is in one file, gdfctl.feeds.json, or beside the state that
// machines share, as lines.
//
// It promises:
//   - Several processes may change it at the same time, and none loses what another
//     one wrote.
//   - What is missing or damaged is as good as nothing.
//   - It is bounded: observations of a feed by their number, lines by what they come to.
//   - No type here can hold a buyer's data or a credential.
//
// Read memory.go first, then learned.go, feeds.go and notified.go for its members;
// file.go and log.go keep them.
package memory
