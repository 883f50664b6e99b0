// Package memory keeps what gdfctl learned and no order depends on: how the API
// lists orders, what earlier checks of feeds showed, and what people were
// notified of. All of it is in one file, gdfctl.feeds.json.
//
// It promises:
//   - Several processes may change the file at the same time, and none loses what
//     another one wrote.
//   - A file that is missing or damaged is as good as an empty one.
//   - No type here can hold a buyer's data or a credential.
//
// Read file.go first, then learned.go, feeds.go and notified.go for its members.
package memory
