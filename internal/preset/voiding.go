package preset

import (
	"regexp"
	"strings"
)

// voidName fits names of columns that say which labels are void, in languages in which
// programs write exports.
var voidName = regexp.MustCompile(`void|cancel|storn|ung(?:ü|u|ue)ltig|annul|anul|makul`)

// Voiding are the columns of a header that may say which labels are void, going by their
// names, if the preset knows none of them: a program in another language, or in which
// somebody renamed columns, must not ship what is void.
func (p *Preset) Voiding(names []string) []string {
	known := map[int]bool{}
	for _, at := range p.Find(names) {
		for _, i := range at {
			known[i] = true
		}
	}
	var unknown []string
	for i, name := range names {
		if !voidName.MatchString(strings.ToLower(name)) {
			continue
		}
		if known[i] {
			return nil
		}
		unknown = append(unknown, name)
	}
	return unknown
}
