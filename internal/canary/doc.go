// Package canary looks for what must never get out: keys, tokens and pieces of
// buyers, in whatever a test made the program print or write. It is for tests
// only.
//
// The simulator's buyers and tokens carry marks that nothing else has, so that
// a piece of one is recognized wherever it turns up.
package canary
