// Package spec turns a directory of HCL files and the tables beside them into
// a checked configuration: accounts, policy, and the wishes about orders.
//
// Load reads the HCL alone and is cheap. Config.Wishes then reads the tables
// as streams and settles which wish stands where several are about one order.
// Everything that has a place in a file comes back as hcl.Diagnostics, all of
// it at once; what is wrong with one row of a table comes back as a wish with
// a Problem, so that one bad row holds back one order and not the others.
//
// All that is wanted of one order is combined in steps: combine.go has them in
// their order, and each has a file of its own. They run before anything is read,
// over wishes with equal finds, and again over wishes that turned out to be about
// one live order.
//
// The package knows nothing of the API. Read config.go for the result, load.go
// for the way through the blocks, and batch.go for tables.
package spec
