package acceptance

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// document is the plan as programs see it. Every member that is printed must be
// here: decoding refuses others.
type document struct {
	FormatVersion string        `json:"format_version"`
	Version       string        `json:"gdfctl_version"`
	CreatedAt     time.Time     `json:"created_at"`
	PlanHash      string        `json:"plan_hash"`
	PlanHashShort string        `json:"plan_hash_short"`
	ConfigHash    string        `json:"config_hash"`
	Summary       planSummary   `json:"summary"`
	Calls         planCalls     `json:"calls"`
	ETASeconds    int           `json:"eta_seconds"`
	Accounts      []planAccount `json:"accounts"`
	Missing       []struct {
		Name    string `json:"name"`
		Orders  int    `json:"orders"`
		Message string `json:"message"`
	} `json:"missing_accounts"`
	Batches    []planBatch    `json:"batches"`
	Standing   []planStanding `json:"standing"`
	Changes    []planChange   `json:"changes"`
	Held       []planHeld     `json:"held_back"`
	Pending    []planPending  `json:"pending"`
	Deferred   []planDeferred `json:"deferred"`
	Findings   []planFinding  `json:"findings"`
	Replaced   []any          `json:"replaced"`
	Stopped    []planStopped  `json:"stopped"`
	Unclaimed  *planUnclaimed `json:"unclaimed"`
	Violations []planLimit    `json:"violations"`
	Position   *struct {
		N    int64  `json:"n"`
		Hash string `json:"hash"`
	} `json:"position"` // of a shared state
	Watches   []any `json:"watches"`
	PolicyRef any   `json:"policy_ref"`
	Unusual   any   `json:"unusual"`
}

// planBatch accounts for the rows of a batch.
type planBatch struct {
	Address  string `json:"address"`
	Files    int    `json:"files"`
	Rows     int    `json:"rows"`
	Orders   int    `json:"orders"`
	Repeated int    `json:"repeated"`
	Combined int    `json:"combined"`
	LeftOut  int    `json:"left_out"`
	Voided   int    `json:"voided"`
	Replaced int    `json:"replaced"`
	Bad      int    `json:"bad"`
}

// planStanding accounts for the new orders of a standing order.
type planStanding struct {
	Address    string `json:"address"`
	Account    string `json:"account"`
	Digest     string `json:"digest"`
	MaxPerRun  int    `json:"max_per_run"`
	LimitAt    string `json:"limit_at"`
	New        int    `json:"new"`
	TooYoung   int    `json:"too_young"`
	TooOld     int    `json:"too_old"`
	LeftOut    int    `json:"left_out"`
	Named      int    `json:"named"`
	AgeUnknown int    `json:"age_unknown"`
	Selected   int    `json:"selected"`
	Deferred   int    `json:"deferred"`
}

type planUnclaimed struct {
	Count  int        `json:"count"`
	Oldest *time.Time `json:"oldest"`
}

type planDeferred struct {
	Address   string    `json:"address"`
	Account   string    `json:"account"`
	Order     planOrder `json:"order"`
	Until     string    `json:"until"`
	Message   string    `json:"message"`
	DefinedAt planPlace `json:"defined_at"`
}

type planSummary struct {
	Insert      int `json:"insert"`
	Acknowledge int `json:"acknowledge"`
	Ship        int `json:"ship"`
	Correct     int `json:"correct"`
	Cancel      int `json:"cancel"`
	NoOp        int `json:"no_op"`
	Held        int `json:"held_back"`
	Pending     int `json:"pending"`
	Deferred    int `json:"deferred"`
	Released    int `json:"released"`
	Stopped     int `json:"stopped"`
	Orders      int `json:"orders"`
}

type planCalls struct {
	Read  int `json:"read"`
	Write int `json:"write"`
	Check int `json:"reread"`
}

type planAccount struct {
	Name       string         `json:"name"`
	Endpoint   string         `json:"endpoint"`
	Calls      planCalls      `json:"calls"`
	ETASeconds int            `json:"eta_seconds"`
	Burst      int            `json:"burst"`
	PerSecond  float64        `json:"limit_per_second"`
	Read       planRead       `json:"read"`
	Unclaimed  *planUnclaimed `json:"unclaimed"`
}

type planRead struct {
	Counted  int        `json:"counted"`
	New      *int       `json:"new"`
	Since    *time.Time `json:"since"`
	Listings int        `json:"listings"`
	Found    int        `json:"found"`
	Singles  int        `json:"singles"`
}

type planOrder struct {
	ID           string `json:"id"`
	Source       string `json:"source"`
	SourceNumber string `json:"source_order_number"`
}

type planValues struct {
	Status      *string    `json:"status"`
	OrderNumber *string    `json:"order_number"`
	Tracking    *string    `json:"tracking_number"`
	Carrier     *string    `json:"carrier"`
	ShippedAt   *time.Time `json:"shipped_at"`
}

type planPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type planChange struct {
	Address      string     `json:"address"`
	Account      string     `json:"account"`
	Order        planOrder  `json:"order"`
	CreatedAt    time.Time  `json:"created_at"`
	Actions      []string   `json:"actions"`
	Before       planValues `json:"before"`
	After        planValues `json:"after"`
	AfterUnknown []string   `json:"after_unknown"`
	ShippedOn    string     `json:"shipped_on"`
	Reason       string     `json:"reason"`
	Attempt      int        `json:"attempt"`
	DefinedAt    planPlace  `json:"defined_at"`
	ReadAt       time.Time  `json:"read_at"`
}

type planHeld struct {
	Address    string        `json:"address"`
	Account    string        `json:"account"`
	Order      planOrder     `json:"order"`
	Code       string        `json:"code"`
	Message    string        `json:"message"`
	Conflict   *planConflict `json:"conflict"`
	Suggestion string        `json:"suggestion"`
	Pull       *planParcel   `json:"pull_parcel"`
	DefinedAt  planPlace     `json:"defined_at"`
}

// planParcel is a parcel that must not be handed over.
type planParcel struct {
	Tracking string `json:"tracking_number"`
	Carrier  string `json:"carrier"`
}

type planConflict struct {
	Fields []string    `json:"fields"`
	Places []planPlace `json:"places"`
}

type planStopped struct {
	Address    string   `json:"address"`
	Code       string   `json:"code"`
	Held       int      `json:"held_back"`
	MaxHeld    int      `json:"max_held"`
	Orders     int      `json:"orders"`
	MaxChanges *int     `json:"max_changes"`
	LimitAt    string   `json:"limit_at"`
	Remedy     string   `json:"remedy"`
	Messages   []string `json:"messages"`
}

type planPending struct {
	Address   string    `json:"address"`
	Account   string    `json:"account"`
	Order     planOrder `json:"order"`
	Action    string    `json:"action"`
	AppliedAt time.Time `json:"applied_at"`
	NotTaken  bool      `json:"not_taken"`
	Verified  string    `json:"verified_by"`
	DefinedAt planPlace `json:"defined_at"`
}

type planFinding struct {
	Rule      string    `json:"rule"`
	Severity  string    `json:"severity"`
	Address   string    `json:"address"`
	Message   string    `json:"message"`
	Count     int       `json:"count"`
	DefinedAt planPlace `json:"defined_at"`
}

type planLimit struct {
	Limit     string     `json:"limit"`
	Value     int        `json:"value"`
	Most      int        `json:"most"`
	LimitAt   string     `json:"limit_at"`
	DefinedAt *planPlace `json:"defined_at"`
	Message   string     `json:"message"`
	Remedy    string     `json:"remedy"`
}

// planJSON plans and returns what programs see, and the exit code.
func (w *world) planJSON(more ...string) (document, result) {
	w.t.Helper()
	r := w.run(append([]string{"plan", "--json", "--detailed-exitcode"}, more...)...)
	return decodePlan(w.t, r.stdout), r
}

func decodePlan(t *testing.T, text string) document {
	t.Helper()
	var d document
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		t.Fatalf("the plan is not as documented: %s\n%.2000s", err, text)
	}
	if decoder.More() {
		t.Error("there is more on standard output than one object")
	}
	return d
}

// nothingToDo fails the test unless a plan has no changes.
func (w *world) nothingToDo() document {
	w.t.Helper()
	d, r := w.planJSON()
	r.exits(0)
	if len(d.Changes) > 0 {
		w.t.Errorf("there is something to do still: %+v", d.Changes[0])
	}
	return d
}

// auditLine is what tests look at in the audit record.
type auditLine struct {
	Action string `json:"action"`
	Result string `json:"result"`
	Order  struct {
		ID           string `json:"id"`
		SourceNumber string `json:"source_order_number"`
		Number       string `json:"order_number"`
		Tracking     string `json:"tracking_number"`
	} `json:"order"`
	Attempt  int    `json:"attempt"`
	Resent   bool   `json:"resent"`
	Reason   string `json:"reason"`
	Repeated bool   `json:"repeated_after_settle"`
	ReadBack bool   `json:"read_back"`
}

// audit returns the record's lines.
func (w *world) audit() []auditLine {
	w.t.Helper()
	var lines []auditLine
	for line := range bytes.Lines([]byte(w.read("gdfctl.audit.jsonl"))) {
		var a auditLine
		if err := json.Unmarshal(line, &a); err != nil {
			w.t.Fatalf("the audit record: %s: %s", err, line)
		}
		lines = append(lines, a)
	}
	return lines
}
