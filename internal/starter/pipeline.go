package starter

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/examples/ci"
)

// Pipeline is what the files of a CI system are made for.
type Pipeline struct {
	Configuration string // its directory from the root of the repository, with slashes
	Branch        string // that is applied; empty: main
	Release       string // of gdfctl, such as 1.2.3; empty: the newest of its major version
}

// Forges are the hosts whose CI system there are files for.
var Forges = []string{"github", "gitlab"}

// GitLabRoot is the file of GitLab that a repository can have already, and
// GitLabInclude is what it needs.
const (
	GitLabRoot    = ".gitlab-ci.yml"
	GitLabInclude = "local: " + gitLabJobs
	gitLabJobs    = ".gitlab/gdfctl.yml"
)

// Files are the pipeline's files, named from the root of the repository.
func (p Pipeline) Files(forge string) ([]File, error) {
	if strings.Contains(p.Configuration, "$") { // how both write a variable, which can be a secret
		return nil, fmt.Errorf("the path %q holds a $, which CI systems replace in their files: rename the directory", p.Configuration)
	}
	entries, err := fs.ReadDir(ci.Files, forge)
	if err != nil {
		return nil, fmt.Errorf("there are no files for %q: %w", forge, err)
	}
	var files []File
	for _, e := range entries {
		text, err := fs.ReadFile(ci.Files, path.Join(forge, e.Name()))
		if err != nil {
			return nil, err
		}
		name := path.Join(".github/workflows", e.Name())
		switch {
		case forge == "gitlab" && e.Name() == GitLabRoot:
			name = GitLabRoot
		case forge == "gitlab":
			name = gitLabJobs
		}
		files = append(files, File{name, []byte(p.fill(string(text)))})
	}
	return files, nil
}

// plain is text that YAML reads as a string, and a shell as a word.
var plain = regexp.MustCompile(`^[A-Za-z_.][A-Za-z0-9_./-]*$`)

// fill puts what the pipeline is for in the place of what the examples have.
func (p Pipeline) fill(text string) string {
	configuration := cmp.Or(p.Configuration, ".")
	if !plain.MatchString(configuration) {
		configuration = strconv.Quote(configuration) // as YAML has it
	}
	text = strings.ReplaceAll(text, "  CONFIGURATION: . #", "  CONFIGURATION: "+configuration+" #")
	if p.Branch != "" && plain.MatchString(p.Branch) {
		text = strings.NewReplacer("branches: [main]", "branches: ["+p.Branch+"]", "refs/heads/main'", "refs/heads/"+p.Branch+"'").Replace(text)
	}
	if p.Release != "" {
		text = strings.NewReplacer("gdfctl/gdfctl@v1", "gdfctl/gdfctl@v"+p.Release, `GDFCTL_VERSION: ""`, `GDFCTL_VERSION: "`+p.Release+`"`).Replace(text)
	}
	return text
}
