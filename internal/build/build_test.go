package build

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/report"
)

// The Go command describes a build differently, by how it was asked for.
func TestBuildOf(t *testing.T) {
	const revision = "3f1c2b9d8e7a60514233445566778899aabbccdd"
	vcs := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{
			{Key: "-trimpath", Value: "true"},
			{Key: "vcs", Value: "git"},
			{Key: "vcs.revision", Value: revision},
			{Key: "vcs.time", Value: "2026-11-26T10:15:00Z"},
			{Key: "vcs.modified", Value: modified},
		}
	}
	const pseudoTime = "2026-11-26T10:15:00Z"
	for name, test := range map[string]struct {
		linked, module string
		settings       []debug.BuildSetting
		want           report.Build
	}{
		"nothing known":                {want: report.Build{Version: "0.1.0-dev"}},
		"go build outside git":         {module: "(devel)", want: report.Build{Version: "0.1.0-dev"}},
		"make build of a tag":          {linked: "1.2.3", module: "(devel)", want: report.Build{Version: "1.2.3"}},
		"the linker counts most":       {linked: "1.2.3", module: "v1.2.2", want: report.Build{Version: "1.2.3"}},
		"go install of a tag":          {module: "v1.2.3", want: report.Build{Version: "1.2.3"}},
		"go install of a pre-release":  {module: "v1.2.3-rc.1", want: report.Build{Version: "1.2.3-rc.1"}},
		"go install before any tag":    {module: "v0.0.0-20261126101500-3f1c2b9d8e7a", want: report.Build{Version: "0.1.0-dev+3f1c2b9d8e7a", Revision: "3f1c2b9d8e7a", Time: pseudoTime}},
		"go install after a tag":       {module: "v1.2.4-0.20261126101500-3f1c2b9d8e7a", want: report.Build{Version: "1.2.4-0.20261126101500-3f1c2b9d8e7a", Revision: "3f1c2b9d8e7a", Time: pseudoTime}},
		"go build in a checkout":       {module: "v1.2.3", settings: vcs("false"), want: report.Build{Version: "1.2.3", Revision: revision, Time: pseudoTime}},
		"go build of changed files":    {module: "v1.2.3+dirty", settings: vcs("true"), want: report.Build{Version: "1.2.3+dirty", Revision: revision, Time: pseudoTime, Modified: true}},
		"changed files, before a tag":  {module: "v0.0.0-20261126101500-3f1c2b9d8e7a+dirty", settings: vcs("true"), want: report.Build{Version: "0.1.0-dev+3f1c2b9d8e7a-dirty", Revision: revision, Time: pseudoTime, Modified: true}},
		"an old go command, with git":  {module: "(devel)", settings: vcs("false"), want: report.Build{Version: "0.1.0-dev+3f1c2b9d8e7a", Revision: revision, Time: pseudoTime}},
		"a revision of another system": {module: "(devel)", settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "42"}}, want: report.Build{Version: "0.1.0-dev+42", Revision: "42"}},
	} {
		t.Run(name, func(t *testing.T) {
			info := &debug.BuildInfo{Main: debug.Module{Path: "github.com/gdfctl/gdfctl", Version: test.module}, Settings: test.settings}
			test.want.Go, test.want.OS, test.want.Arch = runtime.Version(), runtime.GOOS, runtime.GOARCH
			if diff := cmp.Diff(test.want, of(test.linked, info)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
