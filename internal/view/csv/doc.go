// Package csv prints reports that are lists as CSV which a spreadsheet opens
// without running anything that a cell holds. Columns have the names of the
// JSON members.
//
// Read csv.go first.
package csv
