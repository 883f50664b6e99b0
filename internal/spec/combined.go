package spec

// Remark is something about the combination of wishes that people should know.
type Remark struct {
	Code    string
	Message string
	Place   Place
}

// Step is a step of combining wishes that can take one out.
type Step string

// The steps that take wishes out, in their order.
const (
	StepRelease          Step = "release"
	StepReplaces         Step = "replaces"
	StepVoided           Step = "voided"
	StepLatest           Step = "latest"
	StepLatestBy         Step = "latest_by"
	StepMultipleTracking Step = "multiple_tracking"
)

// Replacement records a wish that does not stand, and what took it out.
type Replacement struct {
	Address   string `json:"address"`
	Place     Place  `json:"defined_at"`
	By        Step   `json:"by"`
	ByAddress string `json:"by_address,omitempty"` // of the wish that stands instead
	ByPlace   Place  `json:"by_defined_at"`
	Reason    string `json:"reason,omitempty"` // of a release
	New       bool   `json:"-"`                // it is a row of new_orders
}
