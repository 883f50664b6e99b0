// Package forges answers like GitHub and like GitLab, for tests: pull requests
// with comments, reviews and commits, on a loopback address. It shares no code
// with the client that it tests, and knows only what the two document.
//
// As at the real ones, whoever can write to a repository can also edit and
// delete comments of others: that a client leaves them as they are is its own
// merit. World keeps what happened: read world.go first.
package forges
