package reconcile

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/local"
)

// backends are the places where a state can be kept, by the label of the backend
// block. Another one is a package of its own, which joins the suite of
// internal/state/statetest, and a line here.
var backends = map[string]kindOfBackend{
	"local": {local.Attributes, local.Configured},
}

// kindOfBackend is which attributes a block can have, and what they make. configured
// touches nothing of a state: it is called by validate too.
type kindOfBackend struct {
	attributes []string
	configured func(dir string, attributes map[string]string) (backend.Backend, *backend.Mistake)
}

// backendOf is the backend that a block names, nil where that is not certain, with
// what is wrong with the block beyond what the configuration knows.
func backendOf(dir string, b spec.Backend) (backend.Backend, diag.List) {
	if b.Label == "" {
		return nil, nil
	}
	kind, ok := backends[b.Label]
	if !ok {
		return nil, diag.List{mistakeAt(b.At, fmt.Sprintf("Unknown backend %q", b.Label), oneOf(b.Label, slices.Sorted(maps.Keys(backends))))}
	}
	var diags diag.List
	values, whole := map[string]string{}, true
	for _, a := range b.Attributes {
		if !slices.Contains(kind.attributes, a.Name) {
			diags = append(diags, mistakeAt(a.NameAt, "Unsupported argument", fmt.Sprintf("An argument named %q is not expected here.%s", a.Name,
				didYouMean(a.Name, slices.DeleteFunc(slices.Clone(kind.attributes), b.Has)))))
			whole = false
			continue
		}
		if a.Known {
			values[a.Name] = a.Value
		}
		whole = whole && a.Known
	}
	place, mistake := kind.configured(dir, values)
	if mistake != nil {
		at := b.At
		for _, a := range b.Attributes {
			if a.Known && a.Name == mistake.Attribute {
				at = a.ValueAt
			}
		}
		if whole || at != b.At { // else what is missing was meant by one that is wrong
			diags = append(diags, mistakeAt(at, mistake.Summary, mistake.Detail))
		}
	}
	if b.Faulty || len(diags) > 0 {
		return nil, diags
	}
	return place, nil
}

func mistakeAt(at *diag.Range, summary, detail string) *diag.Diagnostic {
	return &diag.Diagnostic{Severity: diag.Error, Summary: summary, Detail: detail, Range: at}
}

// oneOf says which labels there are.
func oneOf(word string, labels []string) string {
	if len(labels) == 1 {
		return fmt.Sprintf("The only backend is %q.", labels[0])
	}
	return "The backends are: " + strings.Join(labels, ", ") + "." + didYouMean(word, labels)
}

// didYouMean is the question for the nearest name, with a space before it, or
// nothing if word is not a typo of any.
func didYouMean(word string, names []string) string {
	if name := nearest.Name(word, names); name != "" {
		return fmt.Sprintf(" Did you mean %q?", name)
	}
	return ""
}

// storeOf is the state that is kept in a place.
func (d Deps) storeOf(place backend.Backend) *state.Store {
	return state.NewStore(place, state.Options{Now: d.Now, Provenance: d.Provenance, Version: d.Version})
}

// memoryOf is what was learned beside a configuration. It is this machine's own,
// wherever the state is kept.
func memoryOf(dir string, place backend.Backend) memory.File {
	if l, ok := place.(*local.Backend); ok {
		return memory.File(l.Feeds)
	}
	return memory.File(local.New(filepath.Join(dir, local.DefaultPath)).Feeds)
}
