package config

import (
	"fmt"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
)

// checkVersion holds a required_version constraint against the running
// program. A development build satisfies every constraint.
func checkVersion(constraint, running string, at hcl.Range) hcl.Diagnostics {
	wanted, err := version.NewConstraint(constraint)
	if err != nil {
		return errorAt(at, "Invalid version constraint",
			`Write constraints like ">= 0.1" or ">= 0.1, < 2.0".`)
	}
	have, err := version.NewVersion(running)
	if err != nil || wanted.Check(have.Core()) {
		return nil
	}
	return errorAt(at, "gdfctl is not the required version",
		fmt.Sprintf("This is gdfctl %s. Install a matching version, or change required_version.", running))
}
