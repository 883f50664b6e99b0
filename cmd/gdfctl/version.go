package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/build"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/json"
)

// linked is the version that the linker sets for builds of this repository:
// -ldflags '-X main.linked=1.2.3'.
var linked string

var (
	thisBuild = build.This(linked)
	version   = thisBuild.Version
)

func newVersion(p *program) *cobra.Command {
	var f commandline.Format
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version of gdfctl",
		Example: `  gdfctl version
  gdfctl version --json`,
		Args: commandline.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := thisBuild
			if f.JSON() {
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
	f.Register(cmd, report.Text, report.JSON)
	return cmd
}
