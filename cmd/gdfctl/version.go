package main

import (
	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/build"
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/jsonformat"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/screen"
	"github.com/gdfctl/gdfctl/internal/view/text"
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
			b.FormatVersion = jsonformat.Version
			return screen.Print(&p.Screen, f.Chosen, b, text.Build)
		},
	}
	f.Register(cmd, report.Text, report.JSON)
	return cmd
}
