package view

import (
	"fmt"
	"io"
	"strconv"
)

// Format is the form of a listing.
type Format string

// The formats of --output.
const (
	TableFormat Format = "table"
	JSONFormat  Format = "json"
	CSVFormat   Format = "csv"
)

// formatVersion is that of the JSON forms, which docs/json.md describes.
const formatVersion = "1.0"

// Count prints a number of things.
func Count(w io.Writer, format Format, n int) error {
	switch format {
	case JSONFormat:
		return JSON(w, struct {
			FormatVersion string `json:"format_version"`
			Count         int    `json:"count"`
		}{formatVersion, n})
	case CSVFormat:
		return writeCSV(w, []string{"count"}, [][]string{{strconv.Itoa(n)}})
	}
	_, err := fmt.Fprintln(w, n)
	return err
}

// fieldsCSV prints things that all have the same fields.
func fieldsCSV(w io.Writer, names []string, things [][]field) error {
	rows := make([][]string, len(things))
	for i, fields := range things {
		for _, f := range fields {
			rows[i] = append(rows[i], f.value)
		}
	}
	return writeCSV(w, names, rows)
}

func fieldNames(fields []field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}
