// Package table reads the tables that people keep next to their configuration:
// CSV exports of shipping software and JSON Lines. Rows stream: a file of a
// million rows is never held in memory.
//
// It promises that every cell is the text that the file holds ("0012" stays
// "0012"), without invisible characters; that every row knows its file and line;
// that no row and no file is skipped silently; that nothing outside the
// configuration directory is opened; and that no error quotes a cell. A bad row
// is reported and the others are read. What makes the rest of a file unreadable
// (an open quote, a wrong encoding) ends the reading.
//
// encoding/csv is not used: it refuses quotes that exports write, and after a
// quote that is not closed it reads rows as text.
//
// Read row.go first, then csv.go, and record.go for how a line is split into cells.
package table
