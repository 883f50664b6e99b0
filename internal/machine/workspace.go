package machine

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

var workspaceSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "dir"},
	{Name: "git"},
	{Name: "branch"},
	{Name: "path"},
	{Name: "signers"},
	{Name: "max_config_age"},
	{Name: "env_file"},
	{Name: "policy_dir"},
	{Name: "allow"},
	{Name: "min_every"},
}}

// ofGit are the attributes that only a workspace from git has.
var ofGit = []string{"branch", "path", "signers", "max_config_age"}

// What an agent may be allowed, and what it never does.
var (
	allowable = []string{string(order.Acknowledge), string(order.Ship)}
	never     = []string{string(order.Cancel), string(order.Correct), string(order.Insert)}
)

var (
	// nameForm leaves out what some disks refuse in the name of a folder.
	nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,62}$`)
	// branchForm leaves out what git refuses in a branch, and what it reads as more than a name.
	branchForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+#-]*(/[A-Za-z0-9_][A-Za-z0-9_.+#-]*)*$`)
)

func (r *reader) workspace(b *hcl.Block) {
	w := Workspace{Name: b.Labels[0], Branch: "main", Path: ".", Allow: []order.Action{order.Acknowledge}}
	r.name(w.Name, b.LabelRanges[0])
	content := r.content(b.Body, workspaceSchema)
	has := func(name string) bool { return content.Attributes[name] != nil }
	r.origin(content, b.DefRange)
	for _, attr := range inOrder(content.Attributes) {
		switch attr.Name {
		case "dir":
			w.Dir = r.path(attr, folder)
		case "git":
			w.Git = r.repository(attr)
		case "branch":
			if w.Branch = r.text(attr); w.Branch != "" && !isBranch(w.Branch) {
				r.mistake(attr.Expr.Range(), "Not the name of a branch", `Write the name of a branch alone, like "main".`)
			}
		case "path":
			w.Path = r.inRepository(attr)
		case "signers":
			w.Signers = r.path(attr, plain)
		case "env_file":
			if w.EnvFile = r.path(attr, plain); w.EnvFile != "" {
				r.envFile(w.EnvFile, attr.Expr.Range())
			}
		case "policy_dir":
			w.PolicyDir = r.path(attr, folder)
		case "allow":
			w.Allow = r.allow(attr)
		case "min_every":
			w.MinEvery = r.duration(attr, time.Second, 24*time.Hour)
		case "max_config_age":
			w.MaxConfigAge = r.duration(attr, 10*time.Minute, 90*24*time.Hour)
		}
	}
	if has("git") {
		r.git = append(r.git, gitBlock{b.DefRange, has("env_file")})
	}
	r.once(&w, b.DefRange)
	r.machine.Workspaces = append(r.machine.Workspaces, w)
}

func inOrder(attributes hcl.Attributes) []*hcl.Attribute {
	var all []*hcl.Attribute
	for _, attr := range attributes {
		all = append(all, attr)
	}
	slices.SortFunc(all, func(a, b *hcl.Attribute) int { return a.Range.Start.Byte - b.Range.Start.Byte })
	return all
}

// name refuses what can't be the name of a folder, and two names that some disks take for
// one.
func (r *reader) name(name string, at hcl.Range) {
	if !nameForm.MatchString(name) {
		r.mistake(at, "Invalid name of a workspace", "Use up to 63 letters, digits, - and _, beginning with a letter: the name is part of metrics and of paths.")
		return
	}
	lower := strings.ToLower(name)
	if first, there := r.places[lower]; there {
		r.mistake(at, "Duplicate workspace "+`"`+name+`"`, "There is already a workspace of that name at %s:%d, in whichever letter case. Give one of them another name.", first.Filename, first.Start.Line)
		return
	}
	r.places[lower] = at
}

// origin checks that a workspace comes from one place.
func (r *reader) origin(content *hcl.BodyContent, block hcl.Range) {
	dir, git := content.Attributes["dir"], content.Attributes["git"]
	switch {
	case dir == nil && git == nil:
		r.mistake(block, "Missing git or dir", `Write where the configuration is: git = "git@github.com:OWNER/REPOSITORY.git", or dir = "/srv/gdfctl/shop".`)
	case dir != nil && git != nil:
		r.mistake(dir.NameRange, "Both git and dir are set", "Remove one of them: a configuration comes from one place.")
	case git == nil:
		for _, name := range ofGit {
			if attr := content.Attributes[name]; attr != nil {
				r.mistake(attr.NameRange, name+" is for git", "A directory has none. Remove it, or write git instead of dir.")
			}
		}
	}
}

// once refuses two workspaces that are one: both would do the same.
func (r *reader) once(w *Workspace, at hcl.Range) {
	source := w.Dir
	if w.Git != "" {
		source = strings.Join([]string{w.Git, w.Branch, w.Path}, "\n")
	}
	if source == "" {
		return
	}
	if first, there := r.sources[source]; there && first != w.Name {
		r.mistake(at, "The same configuration twice", "Workspace %q reads it too. Remove one of them: both would run the same schedules.", first)
		return
	}
	r.sources[source] = w.Name
}

// repository is a URL that git may fetch from, or a path.
func (r *reader) repository(attr *hcl.Attribute) string {
	text := r.text(attr)
	if text == "" {
		return ""
	}
	at := attr.Expr.Range()
	if safetext.HoldsCredentials(text) {
		r.mistake(at, "Credentials in the machine's file", "Use a deploy key that may only read, or a credential helper of git.")
		return ""
	}
	transport := checkout.Transport(text)
	switch {
	case transport == "" || strings.HasPrefix(text, "-") || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c == 0x7f }):
		r.mistake(at, "git is not the URL of a repository", "Write an https:// or ssh:// URL, or one like git@github.com:OWNER/REPOSITORY.git, or an absolute path. http:// is for this machine alone.")
		return ""
	case checkout.IsPath(text) && !filepath.IsAbs(text):
		r.mistake(at, "git is a relative path", "An agent is started in any directory. Write a URL, or the whole path.")
		return ""
	}
	return text
}

// isBranch reports whether a text is the name of one branch, whatever else is in the
// repository.
func isBranch(name string) bool {
	return branchForm.MatchString(name) && !strings.Contains(name, "..") && !strings.HasSuffix(name, ".") && !strings.HasSuffix(name, ".lock") &&
		!strings.HasPrefix(name, "refs/") && !strings.Contains(name, ".lock/") && name != "HEAD"
}

// inRepository is a folder of a repository.
func (r *reader) inRepository(attr *hcl.Attribute) string {
	text := r.text(attr)
	clean := path.Clean(strings.TrimSuffix(text, "/"))
	switch {
	case text == "":
		return "."
	case strings.Contains(text, `\`), strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }):
		r.mistake(attr.Expr.Range(), "path is not a folder of the repository", "Use slashes, like %q.", "sellers/seller-17")
	case path.IsAbs(clean), clean == "..", strings.HasPrefix(clean, "../"):
		r.mistake(attr.Expr.Range(), "path leaves the repository", "It begins at the root of the repository: write a folder in it, like %q.", "seller-17")
	case slices.Contains(strings.Split(strings.ToLower(clean), "/"), ".git"):
		r.mistake(attr.Expr.Range(), "path is not a folder of the repository", "git keeps no files in a folder named .git.")
	default:
		return clean
	}
	return "."
}

// allow is what a workspace may do to orders. Git can ask for less, never for more.
func (r *reader) allow(attr *hcl.Attribute) []order.Action {
	const example = `allow = ["acknowledge"], or allow = ["acknowledge", "ship"]`
	var allowed []order.Action
	for _, word := range r.list(attr, example) {
		switch {
		case slices.Contains(never, word):
			r.mistake(attr.Expr.Range(), "An agent never does that", "%q is for people and pull requests: nobody looks at the plans of an agent. Write %s.", word, example)
		case !slices.Contains(allowable, word):
			r.mistake(attr.Expr.Range(), "Unknown action in allow", "%q is not one.%s Write %s.", word, nearest.Question(word, allowable), example)
		case !slices.Contains(allowed, order.Action(word)):
			allowed = append(allowed, order.Action(word))
		}
	}
	return allowed
}
