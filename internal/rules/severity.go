package rules

// Raisable are the rules that a policy may make errors.
var Raisable = []string{"SHIP06", "SHIP08", "SHIP09", "SHIP10", "SHIP12", "ACK01", "PII01"}

// Raised are rules that a policy makes errors.
type Raised map[string]bool

// Apply is the finding with the severity that the policy wants.
func (r Raised) Apply(f Finding) Finding {
	if r[f.Rule] {
		f.Severity = Error
	}
	return f
}
