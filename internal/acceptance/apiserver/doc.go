// Package apiserver is a GoDataFeed API over real HTTP, for acceptance tests.
//
// It is written from the API's documents alone and shares no code with the
// program under test, nor with its built-in simulator: where both misread the
// documents alike, only a third reading shows it. It is strict: whatever a
// client does that the documents don't describe is kept as a complaint.
//
// Where the documents leave room, Options say which way this server goes. It
// keeps the truth of every order and every write that took effect; tests ask
// it, and not the program, what happened. Read server.go first.
package apiserver
