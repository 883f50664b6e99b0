package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// sourceBlock reads how one marketplace of an account takes up changes.
func sourceBlock(b *hcl.Block, a *spec.Account, s scope) hcl.Diagnostics {
	content, diags := contentOf(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "confirms"}, {Name: "take_time"}}})
	name := strings.TrimSpace(b.Labels[0])
	key := order.SourceKey(name)
	if key == "" {
		return append(diags, errorAt(b.LabelRanges[0], "The source has no name", `Write the marketplace as GoDataFeed names it: source "eBay".`)...)
	}
	if _, twice := a.Sources[key]; twice {
		return append(diags, errorAt(b.DefRange, fmt.Sprintf("Duplicate source %q", name), "There is already a block for this source; upper and lower case don't matter. Write both into one block.")...)
	}
	var read spec.SourceSettings
	if attr, ok := content.Attributes["confirms"]; ok {
		v, set, more := s.optionalBoolean(attr)
		if diags = append(diags, more...); set {
			read.Confirms = &v
		}
	}
	if attr, ok := content.Attributes["take_time"]; ok {
		const unset = -1
		d, more := s.takeTime(attr, unset)
		if diags = append(diags, more...); d != unset {
			read.TakeTime = &d
		}
	}
	if a.Sources == nil {
		a.Sources = map[string]spec.SourceSettings{}
	}
	a.Sources[key] = read
	return diags
}

func (s scope) takeTime(attr *hcl.Attribute, unset time.Duration) (time.Duration, hcl.Diagnostics) {
	return s.durationUpTo(attr, maxTakeTime, unset, "30d: no change is verified before that")
}
