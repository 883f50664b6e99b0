package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/doctor"
	"github.com/gdfctl/gdfctl/internal/report"
)

func TestDoctor(t *testing.T) {
	examined := doctor.Report{Account: "main", Endpoint: "https://api.godatafeed.com", Calls: 9, Findings: []doctor.Finding{
		{Check: doctor.Credentials, Result: doctor.Problem, Found: "HTTP 401: \x1b[31mno", Remedy: "Check the key, and the endpoint that it is sent to"},
		{Check: doctor.StatusFilter, Result: doctor.NotKnown, Found: "there are no orders"},
	}}
	for name, c := range map[string]struct {
		style Style
		want  string
	}{
		"in a log": {Style{Width: 60}, `Account main at https://api.godatafeed.com
  problem    credentials    HTTP 401: \x1b[31mno
                            Check the key, and the endpoint that it is sent to
  unknown    status filter  there are no orders

Directory
  ok         state          fine

1 problem, 0 warnings, in 9 calls.
`},
		"on a terminal": {Style{Width: 60, Terminal: true}, `Account main at https://api.godatafeed.com
  problem    credentials    HTTP 401: \x1b[31mno
                            Check the key, and the endpoint
                            that it is sent to
  unknown    status filter  there are no orders

Directory
  ok         state          fine

1 problem, 0 warnings, in 9 calls.
`},
	} {
		var out strings.Builder
		directory := []doctor.Finding{{Check: doctor.State, Result: doctor.OK, Found: "fine"}}
		if err := Doctor(&out, c.style, report.NewDoctor([]doctor.Report{examined}, directory, nil)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
