package report

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
)

// Doctor is what was found out about accounts, and about the directory.
type Doctor struct {
	FormatVersion string          `json:"format_version"`
	Result        doctor.Result   `json:"result"`
	Accounts      []DoctorAccount `json:"accounts"`
	Directory     []DoctorCheck   `json:"directory"`
	CI            []DoctorCheck   `json:"ci"` // null unless it was asked for

	Counts map[doctor.Result]int `json:"-"`
	Calls  int                   `json:"-"`
}

// DoctorAccount is what was found out about an account.
type DoctorAccount struct {
	Name     string        `json:"name"`
	Endpoint string        `json:"endpoint"`
	Calls    int           `json:"calls"`
	Checks   []DoctorCheck `json:"checks"`
	Known    DoctorKnown   `json:"known"`
}

// DoctorKnown is what is known of an API now; null is unknown.
type DoctorKnown struct {
	PageCap     *int    `json:"page_cap"`
	ListOrder   *string `json:"list_order"`
	DateField   *string `json:"date_field"`
	ClockOffset float64 `json:"clock_offset_seconds"`
}

// DoctorCheck is one check and what to do, null where there is nothing.
type DoctorCheck struct {
	Check  doctor.Check  `json:"check"`
	Result doctor.Result `json:"result"`
	Found  string        `json:"found"`
	Remedy *string       `json:"remedy"`
}

// NewDoctor is the report of an examination. ci is nil if the job was not examined.
func NewDoctor(accounts []doctor.Report, directory, ci []doctor.Finding) *Doctor {
	doc := &Doctor{FormatVersion: jsonformat.Version, Result: doctor.WorstOf(accounts, directory, ci), Accounts: make([]DoctorAccount, len(accounts)), Directory: findingDocuments(directory), Counts: map[doctor.Result]int{}}
	if ci != nil {
		doc.CI = findingDocuments(ci)
	}
	for i, r := range accounts {
		doc.Calls += r.Calls
		for _, f := range r.Findings {
			doc.Counts[f.Result]++
		}
		doc.Accounts[i] = DoctorAccount{
			Name: r.Account, Endpoint: endpoint.Shown(r.Endpoint), Calls: r.Calls, Checks: findingDocuments(r.Findings),
			Known: DoctorKnown{
				ListOrder: nullable(string(r.Known.ListOrder)), DateField: nullable(string(r.Known.DateField)),
				ClockOffset: r.Known.ClockOffset.Seconds(),
			},
		}
		if r.Known.PageCap > 0 {
			doc.Accounts[i].Known.PageCap = &r.Known.PageCap
		}
	}
	for _, f := range slices.Concat(directory, ci) {
		doc.Counts[f.Result]++
	}
	return doc
}

func findingDocuments(findings []doctor.Finding) []DoctorCheck {
	out := make([]DoctorCheck, len(findings))
	for i, f := range findings {
		out[i] = DoctorCheck{f.Check, f.Result, f.Found, nullable(f.Remedy)}
	}
	return out
}
