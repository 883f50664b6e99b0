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
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/state"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/gitlog"
	"github.com/gdfctl/gdfctl/internal/state/local"
	"github.com/gdfctl/gdfctl/internal/state/pglog"
	"github.com/gdfctl/gdfctl/internal/state/s3log"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// backends are the places where a state can be kept, by the label of the backend
// block. Another one is a package of its own and a line here: one that keeps logs
// joins the suite of internal/state/sharedlog/placetest.
var backends = map[string]kindOfBackend{
	"local":    {attributes: local.Attributes, files: local.Configured},
	"git":      {attributes: gitlog.Attributes, log: gitlog.Configured, perSecond: 6},
	"s3":       {attributes: s3log.Attributes, log: s3log.Configured},
	"postgres": {attributes: pglog.Attributes, log: pglog.Configured, environment: "url"},
}

// kindOfBackend is which attributes a block can have, and what they make: files of
// this machine, or a log that machines share. Neither touches anything of a state:
// validate calls them too.
type kindOfBackend struct {
	attributes []string
	files      func(dir string, attributes map[string]string) (backend.Backend, *backend.Mistake)
	log        func(sharedlog.Block) (sharedlog.Place, *backend.Mistake)
	// environment is the attribute that is of the environment alone: the password that is
	// there goes to whatever server it names, and a pull request must not name another.
	environment string
	perSecond   float64 // how many calls it can write down in a second; 0: as many as there are
}

// stateAttribute says which state a log is: each block of one has it.
const stateAttribute = "state"

func (k *kindOfBackend) all() []string {
	if k.log == nil {
		return k.attributes
	}
	return append([]string{stateAttribute}, k.attributes...)
}

// homeOf is what a block names, nil where that is not certain, with what is wrong
// with the block beyond what the configuration knows.
func (d Deps) homeOf(dir string, b spec.Backend) (*home, diag.List) {
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
		if !slices.Contains(kind.all(), a.Name) {
			diags = append(diags, mistakeAt(a.NameAt, "Unsupported argument", fmt.Sprintf("An argument named %q is not expected here.%s", a.Name,
				nearest.Question(a.Name, slices.DeleteFunc(kind.all(), b.Has)))))
			whole = false
			continue
		}
		if a.Known && a.From == "" && safetext.HoldsCredentials(a.Value) {
			diags = append(diags, mistakeAt(a.ValueAt, "Credentials in the configuration", credentialsRemedy(b.Label)))
			whole = false
			continue
		}
		if a.Known && a.From == "" && a.Name == kind.environment {
			diags = append(diags, mistakeAt(a.ValueAt, "The server is not from the environment",
				"The password of the environment goes to the server that is named here, which anybody could change. Write url = env.GDF_DATABASE_URL, or remove it and set PGHOST and PGDATABASE."))
			whole = false
			continue
		}
		if a.Known {
			values[a.Name] = a.Value
		}
		whole = whole && a.Known
	}
	h := &home{label: b.Label, dir: dir, kind: kind, state: values[stateAttribute]}
	for _, a := range b.Attributes {
		if a.From != "" && a.Value == "" {
			h.unset = a.From
		}
	}
	delete(values, stateAttribute)
	for _, a := range b.Attributes {
		if a.Name != stateAttribute {
			said := backend.Attribute{Name: a.Name, From: a.From}
			if a.From == "" {
				said.Value = a.Value
			}
			h.said = append(h.said, said)
		}
	}
	h.block = sharedlog.Block{Dir: dir, Attributes: values, Log: sharedlog.State, Environ: d.Environ, Premises: d.Premises}
	mistake := h.configure()
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
	if h.shared() && h.state == "" {
		h.unnamed = mistakeAt(b.At, "The backend block does not say which state it is",
			"`gdfctl state init` begins a state there, and `gdfctl state migrate` brings the one that you have; both print the line that belongs into the block. For one that is there already, copy the line from where it was begun.")
	}
	return h, nil
}

func mistakeAt(at *diag.Range, summary, detail string) *diag.Diagnostic {
	return &diag.Diagnostic{Severity: diag.Error, Summary: summary, Detail: detail, Range: at}
}

// oneOf says which labels there are.
func oneOf(word string, labels []string) string {
	return "The backends are: " + strings.Join(labels, ", ") + "." + nearest.Question(word, labels)
}

// storeOf is the state that is kept in a place.
func (d Deps) storeOf(place backend.Backend) *state.Store {
	return state.NewStore(place, state.Options{Now: d.Now, Provenance: d.Provenance, Version: d.Version})
}

// ownMemory is what this machine learned, beside the configuration, wherever the state is
// kept.
func ownMemory(h *home) memory.Memory {
	if l, ok := h.files.(*local.Backend); ok {
		return memory.File(l.Feeds)
	}
	return memory.File(local.New(filepath.Join(h.dir, local.DefaultPath)).Feeds)
}
