package report

import (
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// Validation is what a configuration is found to be.
type Validation struct {
	FormatVersion string             `json:"format_version"`
	Valid         bool               `json:"valid"`
	Errors        int                `json:"error_count"`
	Warnings      int                `json:"warning_count"`
	Diagnostics   []Diagnostic       `json:"diagnostics"`
	Batches       []*spec.BatchCount `json:"batches"`
	PolicyRef     *spec.PolicyDiff   `json:"policy_ref,omitempty"` // nil: no other policy counts
}

// The severities of diagnostics.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
	SeverityInfo    = "info"
)

// Diagnostic is one thing that is wrong with a configuration, or worth knowing.
type Diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Range    *Range `json:"range,omitempty"`
}

// Range is a place in a file.
type Range struct {
	Filename string   `json:"filename"`
	Start    Position `json:"start"`
	End      Position `json:"end"`
}

// NewRange is the range of a place.
func NewRange(at *spec.Place) *Range {
	p := Position{at.Line, max(at.Column, 1)}
	return &Range{at.File, p, p}
}

// Position counts lines and columns from 1.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// NewValidation is the report of a validation. Of batches whose reading had to
// be given up there are no counts.
func NewValidation(diags diag.List, batches []*spec.BatchCount) *Validation {
	out := &Validation{FormatVersion: jsonformat.Version, Valid: !diags.HasErrors(), Diagnostics: Diagnostics(diags), Batches: []*spec.BatchCount{}}
	for _, n := range batches {
		if n.Complete() {
			out.Batches = append(out.Batches, n)
		}
	}
	for _, d := range out.Diagnostics {
		switch d.Severity {
		case SeverityError:
			out.Errors++
		case SeverityWarning:
			out.Warnings++
		}
	}
	return out
}

// Diagnostics are what was found, for programs.
func Diagnostics(diags diag.List) []Diagnostic {
	out := make([]Diagnostic, len(diags))
	for i, d := range diags {
		out[i] = Diagnostic{Severity: string(d.Severity), Summary: d.Summary, Detail: d.Detail}
		if r := d.Range; r != nil && r.File != "" {
			out[i].Range = &Range{r.File, Position{r.Start.Line, r.Start.Column}, Position{r.End.Line, r.End.Column}}
		}
	}
	return out
}
