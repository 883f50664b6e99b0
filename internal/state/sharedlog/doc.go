// Package sharedlog is one append-only log of records that several machines
// share, kept in a Place: a branch, a bucket or a database. Each record names the
// hash of the one before it, so that whoever appends says which end they know, and
// an end that they don't know refuses them. That is all the locking there is.
//
// Read place.go for what a place must keep to.
package sharedlog
