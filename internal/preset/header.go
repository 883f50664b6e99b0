package preset

import (
	"slices"
	"strings"
	"unicode"
)

// Fitting are the presets that fit a header. That several do is for people to
// decide. Those that are for anything else come only if no other does.
func Fitting(names []string) []*Preset {
	for _, fallback := range []bool{false, true} {
		var found []*Preset
		for _, p := range all() {
			if p.Fallback == fallback && p.Fits(names) {
				found = append(found, p)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// Recognizers are asked for a line that is the header of a known export, the surest
// first.
func Recognizers() []func(names []string) bool {
	known := func(fallback bool) func([]string) bool {
		return func(names []string) bool {
			return slices.ContainsFunc(all(), func(p *Preset) bool { return p.Fallback == fallback && p.Fits(names) })
		}
	}
	return []func([]string) bool{known(false), known(true)}
}

// Fits reports whether a header is that of the export.
func (p *Preset) Fits(names []string) bool {
	if len(names) < 2 {
		return false
	}
	for _, c := range p.Columns {
		if c.Required && len(p.find(c, names)) == 0 {
			return false
		}
	}
	has := func(column string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return p.key(name) == p.key(column) })
	}
	return !slices.ContainsFunc(p.Absent, has) && (len(p.Any) == 0 || slices.ContainsFunc(p.Any, has))
}

// Find is where in a header the columns are that batch.hcl reads, by their names
// there. A column with several places is ambiguous.
func (p *Preset) Find(names []string) map[string][]int {
	found := map[string][]int{}
	for _, c := range p.Columns {
		if at := p.find(c, names); len(at) > 0 {
			found[c.Name] = at
		}
	}
	return found
}

// find is the places of one column. The names of an export's own column are an
// order of preference: a header can have several of them that mean different things,
// and the first is the one to read. For files from anywhere, no such order is known, except
// for names that all mean the same.
func (p *Preset) find(c Column, names []string) []int {
	var all []int
	for _, known := range append([]string{c.Name}, c.Also...) {
		var at []int
		for i, name := range names {
			if name != "" && p.key(name) == p.key(known) && !slices.Contains(all, i) {
				at = append(at, i)
			}
		}
		if all = append(all, at...); len(all) > 0 && (!p.Fallback || c.Ordered) {
			break
		}
	}
	slices.Sort(all)
	return all
}

// key is what counts of a column's name: not its case or its spaces, and, where people
// choose the names, letters and digits alone.
func (p *Preset) key(name string) string {
	name = strings.Join(strings.Fields(strings.ToLower(name)), " ")
	if p.Fallback || p.Loose {
		return letters(name)
	}
	return strings.ReplaceAll(name, "’", "'")
}

// letters is a name without spaces and signs. The # of "Order #" is one of its
// letters, since "Order" alone can be anything.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '#' {
			return r
		}
		return -1
	}, name)
}

// Missing are the columns that a header lacks to be that of the export.
func (p *Preset) Missing(names []string) []string {
	var missing []string
	for _, c := range p.Columns {
		if c.Required && len(p.find(c, names)) == 0 {
			missing = append(missing, c.Name)
		}
	}
	return missing
}

// Closest is the preset that lacks the smallest part of its columns, and which; nil if a header has
// too little of any.
func Closest(names []string) (*Preset, []string) {
	var closest *Preset
	var fewest []string
	of := 0 // the columns that the closest one requires
	for _, p := range all() {
		missing, required := p.Missing(names), 0
		for _, c := range p.Columns {
			if c.Required {
				required++
			}
		}
		if len(missing) == 0 || len(missing)*2 > required || closest != nil && p.Fallback {
			continue
		}
		if closest == nil || closest.Fallback || len(missing)*of < len(fewest)*required {
			closest, fewest, of = p, missing, required
		}
	}
	return closest, fewest
}

// Identifying are the names in a header by which the export is recognized, without
// those that name buyers.
func (p *Preset) Identifying(names []string) []string {
	var all []string
	for _, c := range p.Columns {
		for _, i := range p.find(c, names) {
			if c.Required {
				all = append(all, names[i])
			}
		}
	}
	for _, name := range names {
		if slices.ContainsFunc(p.Any, func(known string) bool { return p.key(name) == p.key(known) }) && !BuyerColumn(name) {
			all = append(all, name)
		}
	}
	return all
}
