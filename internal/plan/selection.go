package plan

import "strings"

// Selection narrows a plan to some addresses: whole blocks
// ("batch.shipments") or single orders (`batch.shipments["Amazon/112-…"]`).
type Selection struct {
	Targets  []string // empty means all
	Excludes []string
}

// Has reports whether an address is selected.
func (s Selection) Has(address string) bool {
	if len(s.Targets) == 0 && len(s.Excludes) == 0 {
		return true
	}
	return (len(s.Targets) == 0 || anyCovers(s.Targets, address)) && !anyCovers(s.Excludes, address)
}

func anyCovers(selectors []string, address string) bool {
	for _, s := range selectors {
		if covers(s, address) {
			return true
		}
	}
	return false
}

func covers(selector, address string) bool {
	rest, ok := strings.CutPrefix(address, selector)
	return ok && (rest == "" || rest[0] == '[' || (rest[0] == '.' && !strings.Contains(selector, ".")))
}
