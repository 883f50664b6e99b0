// Package doctor finds out whether gdfctl can work with an account, and what
// the API's documents leave open: the largest page, the order of listings, the
// date that they are filtered by, and the difference between two clocks. It
// only reads, and makes MaxCalls calls at most.
//
// Examine is the way through all checks; report.go is what comes of them.
// meter.go bounds the calls and watches them; pages.go, listorder.go,
// datefield.go, statusfilter.go, sourcewords.go and clock.go each find out one thing. What is
// learned goes through learn.go: nothing that was known gives way to nothing.
package doctor
