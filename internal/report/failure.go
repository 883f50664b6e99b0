package report

import "github.com/gdfctl/gdfctl/internal/jsonformat"

// Failure is what programs are shown of a command that failed before it had
// printed anything else.
type Failure struct {
	FormatVersion string        `json:"format_version"`
	Type          string        `json:"type"` // "error"
	Error         FailureDetail `json:"error"`
}

// FailureDetail says what went wrong. Diagnostics has more where there is a
// place in a file, or several problems; it is never null.
type FailureDetail struct {
	Message     string       `json:"message"`
	Code        string       `json:"code"`
	ExitCode    int          `json:"exit_code"`
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// NewFailure is the report of an error.
func NewFailure(message, code string, exitCode int, diagnostics []Diagnostic) *Failure {
	return &Failure{jsonformat.Version, "error", FailureDetail{message, code, exitCode, listed(diagnostics)}}
}
