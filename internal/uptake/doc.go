// Package uptake says what happened to a change after the API accepted it:
// whether reads show it, whether the marketplace confirms it, and whether the
// marketplace refused it later.
//
// It promises:
//   - Judge is pure and total: every change and every read lead to one word.
//   - A read that began before the change was accepted decides nothing.
//   - An error that the marketplace had reported before the change is not news.
//   - Nothing is final before a read that began a day or more after the change.
//   - What is kept of a marketplace's error is a hash that identifies nobody.
//
// Read judge.go first.
package uptake
