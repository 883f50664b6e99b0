// Package watch compares the feeds of an account with what a configuration
// expects of them: are they fresh, complete, and is their file one that a
// marketplace can read?
//
// A look has two steps. Reading (look.go, list.go, content.go) makes the fewest
// calls: one filtered listing for all watches of an account, and a download
// only where a watch looks into the file and the feed was compiled since the
// last look. Judging (judge.go, feedrules.go, contentrules.go, ownrules.go) is a
// pure function of what was read, of the history and of the moment.
//
// It promises that what is not known is said to be unknown, and never passes;
// that every result has the value that was measured; and that nothing of a
// feed's rows leaves package feedfile. It changes neither the API nor the
// history: Look.Remember puts a look into the history that its caller saves.
//
// Read result.go first, then look.go and judge.go.
package watch
