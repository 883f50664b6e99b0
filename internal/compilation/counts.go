package compilation

// Counts are the items of a compilation. They don't have to add up, and the API
// may give a total without one of the others. Where it gives no total, there are
// no Counts: nil.
type Counts struct {
	Total      int  `json:"total"`
	Valid      int  `json:"valid"`
	Warnings   int  `json:"warnings"`
	Errors     int  `json:"errors"`
	NoValid    bool `json:"no_valid,omitempty"`
	NoWarnings bool `json:"no_warnings,omitempty"`
	NoErrors   bool `json:"no_errors,omitempty"`
}

// Known are the counts that the API gave, and nil for each that it did not: no
// count is 0 because it is unknown.
func (c *Counts) Known() (total, valid, warnings, errors *int) {
	if c == nil {
		return nil, nil, nil, nil
	}
	return &c.Total, known(&c.Valid, !c.NoValid), known(&c.Warnings, !c.NoWarnings), known(&c.Errors, !c.NoErrors)
}

func known(n *int, given bool) *int {
	if !given {
		return nil
	}
	return n
}
