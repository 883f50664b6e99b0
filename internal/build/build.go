package build

import (
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/gdfctl/gdfctl/internal/report"
)

// development is the version of a build that no tag names.
const development = "0.1.0-dev"

// This is the build of the running program. The linker's version may be empty.
func This(linked string) report.Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return of(linked, info)
}

// of is what the linker and the Go command say of a build. The linker's
// version counts most. Without it, that of the module counts, which `go install
// …@v1.2.3` and builds in a checkout with tags know.
func of(linked string, info *debug.BuildInfo) report.Build {
	b := report.Build{Version: linked, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	known, metadata, _ := strings.Cut(info.Main.Version, "+")
	b.Modified = b.Modified || metadata == "dirty"
	tagged := semver.IsValid(known)
	if module.IsPseudoVersion(known) { // of a commit, which then is all that is known
		base, _ := module.PseudoVersionBase(known)
		tagged = base != ""
		if b.Revision == "" {
			b.Revision, _ = module.PseudoVersionRev(known)
			if at, err := module.PseudoVersionTime(known); err == nil {
				b.Time = at.Format(time.RFC3339)
			}
		}
	}
	switch {
	case linked != "":
	case tagged:
		b.Version = strings.TrimPrefix(info.Main.Version, "v")
	default:
		b.Version = untagged(b)
	}
	return b
}

// untagged is the version of a build of a commit before the first tag, in the
// form in which scripts/version.sh gives it to the linker.
func untagged(b report.Build) string {
	v := development
	if b.Revision != "" {
		v += "+" + b.Revision[:min(12, len(b.Revision))]
		if b.Modified {
			v += "-dirty"
		}
	}
	return v
}
