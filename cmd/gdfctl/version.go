package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/view/json"
)

// version is set by the linker for releases.
var version = "0.1.0-dev"

// build is what a bug report needs to know of this program.
type build struct {
	Version  string `json:"version"`
	Go       string `json:"go_version"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
	Revision string `json:"revision,omitempty"` // absent where it was built outside version control
	Time     string `json:"revision_time,omitempty"`
	Modified bool   `json:"modified,omitempty"`
}

func newVersion(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version of gdfctl",
		Example: `  gdfctl version
  gdfctl version --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild()
			if asJSON {
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
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON for programs")
	return cmd
}

func thisBuild() build {
	b := build{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
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
	return b
}
