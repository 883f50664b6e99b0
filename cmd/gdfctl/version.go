package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
)

// linked is the version that the linker sets for builds of this repository:
// -ldflags '-X main.linked=1.2.3'.
var linked string

// development is the version of a build that no tag names.
const development = "0.1.0-dev"

var (
	thisBuild = readBuild()
	version   = thisBuild.Version
)

// build is what a bug report needs to know of this program.
type build = report.Build

func newVersion(p *program) *cobra.Command {
	var f formatFlag
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version of gdfctl",
		Example: `  gdfctl version
  gdfctl version --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild
			if f.json() {
				b.FormatVersion = jsonformat.Version
				return json.Object(p.stdout, b)
			}
			fmt.Fprintf(p.stdout, "gdfctl %s\n%s %s/%s\n", b.Version, b.Go, b.OS, b.Arch)
			if b.Revision != "" {
				changed := ""
				if b.Modified {
					changed = ", modified"
				}
				fmt.Fprintf(p.stdout, "revision %s of %s%s\n", b.Revision, b.Time, changed)
			}
			return nil
		},
	}
	f.register(cmd, report.Text, report.JSON)
	return cmd
}

func readBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return buildOf(linked, info)
}

// buildOf is what the linker and the Go command say of a build. The linker's
// version counts most. Without it, that of the module counts, which `go install
// …@v1.2.3` and builds in a checkout with tags know.
func buildOf(linked string, info *debug.BuildInfo) build {
	b := build{Version: linked, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
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
func untagged(b build) string {
	v := development
	if b.Revision != "" {
		v += "+" + b.Revision[:min(12, len(b.Revision))]
		if b.Modified {
			v += "-dirty"
		}
	}
	return v
}
