// Package feedfile measures the compiled file of a product feed in one pass
// over a stream: is it a table at all, in which encoding, with which header,
// how many rows, and which cells are not as a marketplace wants them.
//
// It promises that a file of any size and any shape takes little memory: a few
// MiB, and 12 bytes for each value of a column that is to be unique, of which
// MaxKeys are compared. What it finds are counts, names of columns and line
// numbers, never the content of a cell. What is wrong with a file is a fact
// and no error: an error comes from the reader or the context only.
//
// It reads files as marketplaces do, and so more kindly than package table,
// which reads what people wrote for gdfctl and asks them to fix it. A
// quote opens a cell only at its beginning; text behind the closing quote
// belongs to the cell; rows end with LF, CR LF or CR.
//
// A file may be compressed; an archive that is damaged has no facts but that.
//
// Read facts.go first, then scan.go and split.go.
package feedfile
