// Package table reads the tables that people keep next to their configuration:
// CSV exports of shipping software and JSON Lines. Rows stream: a file of a
// million rows is never held in memory.
//
// It promises that every cell is the text that the file holds ("0012" stays
// "0012"), without what nobody sees; that every row knows its file and line; that
// no row and no file is passed over without a trace; that nothing outside the
// configuration's directory is opened; and that no error quotes a cell. One
// bad row is reported in its place and the others are read; what makes the
// rest of a file unreadable (an open quote, a wrong encoding) ends it.
//
// encoding/csv is not used: exports write quotes that it refuses, and after a
// quote that is not closed it takes rows for text.
//
// Read row.go first, then csv.go, and record.go for how cells are told apart.
package table
