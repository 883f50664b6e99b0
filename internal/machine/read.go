package machine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/lang"
)

// mostBytes bounds the file: a thousand workspaces take a fifth of it.
const mostBytes = 1 << 20

var (
	rootSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "agent"}, {Type: "workspace", LabelNames: []string{"name"}}}}

	agentSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "database"}, {Name: "directory"}, {Name: "max_repository_mib"}}}
)

// reader carries the file from its text to a Machine.
type reader struct {
	machine *Machine
	env     func(string) string
	diags   diag.List
	places  map[string]hcl.Range // of the labels of workspaces, by name in lower case
	sources map[string]string    // which workspace reads a folder, by what it is
	git     []gitBlock
}

// gitBlock is the block of a workspace from git.
type gitBlock struct {
	at      hcl.Range
	envFile bool
}

// Read reads the file of a machine. With errors among the diagnostics, the Machine is for
// showing them, and nothing to act on. It is never nil.
func Read(path string, env func(string) string) (*Machine, diag.List) {
	r := &reader{machine: &Machine{Files: map[string]*diag.Source{}}, env: env, places: map[string]hcl.Range{}, sources: map[string]string{}}
	r.file(path)
	return r.machine, diag.Limited(r.diags)
}

func (r *reader) add(severity diag.Severity, at hcl.Range, summary, detail string) {
	r.diags = append(r.diags, &diag.Diagnostic{Severity: severity, Summary: summary, Detail: detail, Range: lang.PlainRange(at)})
}

func (r *reader) mistake(at hcl.Range, summary, detail string, args ...any) {
	r.add(diag.Error, at, summary, fmt.Sprintf(detail, args...))
}

// unplaced is a mistake of the whole file.
func (r *reader) unplaced(summary, detail string, args ...any) {
	r.diags = append(r.diags, &diag.Diagnostic{Severity: diag.Error, Summary: summary, Detail: fmt.Sprintf(detail, args...)})
}

func (r *reader) file(path string) {
	text, err := readBounded(path)
	if err != nil {
		r.unplaced("The machine's file can't be read", "%q: %s. Check --config.", path, err)
		return
	}
	if info, err := os.Stat(path); err == nil && writableByAll(info) {
		r.unplaced("Everybody can change the machine's file", "It says what workspaces may do. Run: chmod o-w %s", path)
	}
	source := &diag.Source{Text: text}
	r.machine.Files[path] = source
	if diags := lang.CheckNesting(text, path); diags.HasErrors() {
		r.diags = append(r.diags, lang.Plain(diags)...)
		return
	}
	file, diags := hclsyntax.ParseConfig(text, path, hcl.InitialPos)
	if diags.HasErrors() {
		r.diags = append(r.diags, lang.Plain(diags)...)
		return
	}
	if nav, ok := file.Nav.(interface{ ContextString(offset int) string }); ok {
		source.Block = nav.ContextString
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		r.unplaced("The machine's file can't be read", "%q: %s.", path, err)
		return
	}
	r.machine.Directory = filepath.Dir(whole)
	content := r.content(file.Body, rootSchema)
	r.agent(content.Blocks.OfType("agent"))
	blocks := content.Blocks.OfType("workspace")
	if len(blocks) == 0 && !r.diags.HasErrors() {
		r.unplaced("No workspace", "%q has no workspace block. Write one: workspace \"shop\" { dir = \"/srv/gdfctl/shop\" }.", path)
	}
	for _, b := range blocks {
		r.workspace(b)
	}
	r.apart()
}

// apart refuses workspaces from git that would see each other's variables.
func (r *reader) apart() {
	if len(r.machine.Workspaces) < 2 {
		return
	}
	for _, b := range r.git {
		if !b.envFile {
			r.mistake(b.at, "Missing env_file", "Without it, who may push to this repository can use the variables of all workspaces. Write env_file = \"/etc/gdfctl/env/NAME\", a file with KEY=VALUE lines.")
		}
	}
}

// readBounded reads a file that is no larger than it can reasonably be.
func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, disk.Cause(err)
	case !info.Mode().IsRegular(): // opening a named pipe would wait for its writer
		return nil, errors.New("it is not a regular file")
	case info.Size() > mostBytes:
		return nil, fmt.Errorf("it is larger than %d MiB", mostBytes>>20)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, disk.Cause(err)
	}
	return text, nil
}

// content reads a body. What it has and the schema doesn't is a mistake.
func (r *reader) content(body hcl.Body, schema *hcl.BodySchema) *hcl.BodyContent {
	content, diags := body.Content(schema)
	r.diags = append(r.diags, lang.Plain(lang.NearestNames(diags, content, schema, nil))...)
	return content
}

func (r *reader) agent(blocks hcl.Blocks) {
	for i, b := range blocks {
		if i > 0 {
			r.mistake(b.DefRange, "Duplicate agent block", "Write both into one block.")
			continue
		}
		content := r.content(b.Body, agentSchema)
		if attr, ok := content.Attributes["database"]; ok {
			r.database(attr)
		}
		if attr, ok := content.Attributes["directory"]; ok {
			if dir := r.path(attr, folder); dir != "" {
				r.machine.Directory = dir
			}
		}
		if attr, ok := content.Attributes["max_repository_mib"]; ok {
			r.machine.MostRepository = r.whole(attr, 1, 1<<20) << 20
		}
	}
}

// database is the one value of the environment: it holds a password.
func (r *reader) database(attr *hcl.Attribute) {
	name := lang.EnvironmentName(attr.Expr)
	if name == "" {
		r.mistake(attr.Expr.Range(), "database must be env.NAME", "It holds a password, which must not be in a file that many may read. Write database = env.GDF_DATABASE_URL, or remove it to keep the agent's database in a file of this machine.")
		return
	}
	if r.machine.Database = strings.TrimSpace(r.env(name)); r.machine.Database == "" {
		r.mistake(attr.Expr.Range(), name+" is not set", "The environment of the agent must have it: the URL of a PostgreSQL database, like postgres://gdfctl@db.example.com/gdfctl.")
	}
}
