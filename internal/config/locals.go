package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// locals evaluates the locals blocks, each local after those that it names. It
// goes by a queue and not by recursion: a chain of references can be as long as
// a file.
type locals struct {
	attrs    map[string]*hcl.Attribute
	needs    map[string][]string // the locals that a local names
	neededBy map[string][]string
	open     map[string]int // locals that are not evaluated, with how many they wait for
	values   map[string]cty.Value
}

func (l *loader) evalLocals() hcl.Diagnostics {
	e := &locals{
		attrs: map[string]*hcl.Attribute{}, needs: map[string][]string{}, neededBy: map[string][]string{},
		open: map[string]int{}, values: map[string]cty.Value{},
	}
	diags := e.gather(l.blocks["locals"])
	names := sortedKeys(e.attrs)
	for _, name := range names {
		diags = append(diags, e.references(name)...)
	}
	var ready []string
	for _, name := range names {
		if e.open[name] = len(e.needs[name]); e.open[name] == 0 {
			ready = append(ready, name)
		}
	}
	for len(ready) > 0 {
		name := ready[0]
		ready = ready[1:]
		diags = append(diags, e.eval(l, name)...)
		for _, user := range e.neededBy[name] {
			if e.open[user]--; e.open[user] == 0 {
				ready = append(ready, user)
			}
		}
	}
	diags = append(diags, e.circles()...)
	l.cfg.base.Variables["local"] = cty.ObjectVal(e.values)
	return diags
}

func (e *locals) gather(blocks []*hcl.Block) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range blocks {
		found, more := b.Body.JustAttributes()
		diags = append(diags, more...)
		for _, name := range sortedKeys(found) {
			if first, ok := e.attrs[name]; ok {
				diags = append(diags, errorAt(found[name].NameRange, fmt.Sprintf("Duplicate local %q", name),
					fmt.Sprintf("It is already defined at %s.", placeOf(first.NameRange)))...)
				continue
			}
			e.attrs[name] = found[name]
		}
	}
	return diags
}

// references notes which locals a local names. A name that does not exist is
// told by the evaluation.
func (e *locals) references(name string) hcl.Diagnostics {
	seen := map[string]bool{}
	for _, t := range e.attrs[name].Expr.Variables() {
		if t.RootName() != "local" {
			continue
		}
		need := stepName(t)
		if need == "" {
			e.values[name] = cty.DynamicVal
			return errorAt(t.SourceRange(), "local can't be used as a whole",
				"Among the locals themselves, only single ones can be named, like local.name: they are evaluated one after the other.")
		}
		if _, ok := e.attrs[need]; ok && !seen[need] {
			seen[need] = true
			e.needs[name] = append(e.needs[name], need)
			e.neededBy[need] = append(e.neededBy[need], name)
		}
	}
	return nil
}

// eval evaluates a local whose references are evaluated. It sees only those:
// making an object of all of them for each would take quadratic time.
func (e *locals) eval(l *loader, name string) hcl.Diagnostics {
	delete(e.open, name)
	if _, failed := e.values[name]; failed {
		return nil
	}
	visible := map[string]cty.Value{}
	for _, need := range e.needs[name] {
		visible[need] = e.values[need]
	}
	s := l.scope("var", "local")
	s.ctx = s.ctx.NewChild()
	s.ctx.Variables = map[string]cty.Value{"local": cty.ObjectVal(visible)}
	l.noteFile("local."+name, e.attrs[name].Expr)
	v, diags := s.value(e.attrs[name].Expr)
	if diags.HasErrors() {
		v = cty.DynamicVal
	}
	e.values[name] = v
	return diags
}

// circles tells each circle among the locals that are left, once, at the local
// whose name comes first. Those that only depend on a circle are not at fault.
func (e *locals) circles() hcl.Diagnostics {
	var diags hcl.Diagnostics
	walked := map[string]int{} // the walk that a local was met on
	for walk, start := range sortedKeys(e.open) {
		at := start
		for walked[at] == 0 {
			walked[at] = walk + 1
			at = e.waitsFor(at)
		}
		if walked[at] != walk+1 {
			continue
		}
		first := at
		for next := e.waitsFor(at); next != at; next = e.waitsFor(next) {
			first = min(first, next)
		}
		diags = append(diags, errorAt(e.attrs[first].NameRange, fmt.Sprintf("local.%s depends on itself", first),
			"Break the circle: compute one of the locals without the other.")...)
	}
	for name := range e.open {
		e.values[name] = cty.DynamicVal
	}
	return diags
}

// waitsFor is the first local that an open one needs and that is open too.
func (e *locals) waitsFor(name string) string {
	for _, need := range e.needs[name] {
		if _, open := e.open[need]; open {
			return need
		}
	}
	return name // never: it would not be open
}
