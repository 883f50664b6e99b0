// Package report has what commands show, as plain values that are computed
// once: counted, grouped and sorted, with the wording that all views share.
// Text, JSON, CSV, Markdown and JUnit render the same value and decide nothing,
// so that they can't disagree.
//
// The members that have a name in a json tag are what programs are shown;
// docs/json.md describes each of them. The others are for views alone.
//
// What a report promises:
//   - lists are never null, times are UTC and whole seconds;
//   - no credential and, unless it was asked for, no buyer is in it;
//   - foreign text is as it came: each view escapes it in its own way.
//
// Read format.go first, then feedscheck.go as an example of a report.
package report
