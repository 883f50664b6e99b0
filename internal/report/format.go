package report

import "github.com/gdfctl/gdfctl/internal/jsonformat"

// Format is a form in which a report is printed.
type Format string

// The formats of --format. A command has those that make sense for it.
const (
	Text     Format = "text"
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "markdown"
	HTML     Format = "html"
	JUnit    Format = "junit"
)

// Field is one named value of a thing that is shown in full.
type Field struct{ Name, Value string }

// Names are those of some fields.
func Names(fields []Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names
}

// Values are those of some fields.
func Values(fields []Field) []string {
	values := make([]string, len(fields))
	for i, f := range fields {
		values[i] = f.Value
	}
	return values
}

// Count is a number of things, for programs.
type Count struct {
	FormatVersion string `json:"format_version"`
	Count         int    `json:"count"`
}

// CountOf is the report of a count.
func CountOf(n int) *Count { return &Count{jsonformat.Version, n} }

// listed is a list that JSON does not show as null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
