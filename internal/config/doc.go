// Package config reads a directory of HCL files and the tables beside them into
// what is wanted, as package spec has it: accounts, policy, watches, and the
// wishes about orders.
//
// Load reads the HCL alone and is cheap. Config.Wishes then reads the tables as
// streams. Everything that is wrong with a file comes back as diagnostics, all of
// them at once; what is wrong with one row of a table comes back as a wish with a
// Problem, so that one bad row holds back one order and not the others.
//
// HCL and its values stay in this package. A rule block becomes a function that
// takes plain values.
//
// Read load.go first: it shows the way through the blocks. batch.go and
// readbatch.go are about tables.
package config
