package provenance

import (
	"cmp"
	"net/url"
	"os"
	"os/user"
	"strings"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Provenance is who changes orders, and why they may. Empty fields are not
// known.
type Provenance struct {
	Who         string `json:"who"`                    // who started the run: a login
	Host        string `json:"host,omitempty"`         // the machine
	CI          string `json:"ci,omitempty"`           // the CI system: github, gitlab, …
	Commit      string `json:"commit,omitempty"`       // of the configuration
	Author      string `json:"author,omitempty"`       // of that commit or pull request
	Approver    string `json:"approver,omitempty"`     // who let it go ahead
	PullRequest string `json:"pull_request,omitempty"` // its page, or its number
	RunURL      string `json:"run_url,omitempty"`      // the page of the CI run
	Schedule    string `json:"schedule,omitempty"`     // of the configuration, that an agent ran

	Approvers []string `json:"approvers,omitempty"`    // of the pull request, as the forge says
	Merger    string   `json:"merger,omitempty"`       // likewise
	Head      string   `json:"head_commit,omitempty"`  // the last commit of the pull request, where it is not Commit
	Base      string   `json:"base_commit,omitempty"`  // that it was to be merged into
	Merge     string   `json:"merge_commit,omitempty"` // that it became
}

// Environ is where Detect looks.
type Environ struct {
	Getenv   func(string) string
	ReadFile func(string) ([]byte, error) // nil: no file is read
	User     func() string                // the login name; empty if not known
	Hostname func() string                // likewise
}

// Process is the environment of this process.
func Process() Environ {
	return Environ{
		Getenv: os.Getenv, ReadFile: os.ReadFile,
		User: func() string {
			if u, err := user.Current(); err == nil {
				return u.Username
			}
			return ""
		},
		Hostname: func() string {
			name, _ := os.Hostname() // not knowing it is no reason to stop
			return name
		},
	}
}

// Detect reads what the environment says. The variables GDF_COMMIT, GDF_AUTHOR,
// GDF_APPROVER, GDF_PULL_REQUEST and GDF_RUN_URL take precedence over those of the
// CI system, and stand for what it does not report.
func Detect(env Environ) Provenance {
	p := detectCI(env.Getenv)
	p.Who = cmp.Or(p.Who, env.User(), env.Getenv("USER"), env.Getenv("USERNAME"), "unknown")
	p.Host = env.Hostname()
	override(&p.Commit, env.Getenv("GDF_COMMIT"))
	override(&p.Author, env.Getenv("GDF_AUTHOR"))
	override(&p.Approver, env.Getenv("GDF_APPROVER"))
	override(&p.PullRequest, env.Getenv("GDF_PULL_REQUEST"))
	override(&p.RunURL, env.Getenv("GDF_RUN_URL"))

	if env.ReadFile != nil {
		planned := DetectPlanned(env.Getenv, env.ReadFile)
		if p.Base = planned.Base; planned.Head != p.Commit {
			p.Head = planned.Head
		}
	}

	for _, field := range []*string{&p.Who, &p.Host, &p.Commit, &p.Author, &p.Approver, &p.Head, &p.Base} {
		*field = safetext.Message(withoutAddress(*field))
	}
	for _, field := range []*string{&p.PullRequest, &p.RunURL} {
		*field = safetext.Line(withoutCredentials(*field))
	}
	return p
}

func override(field *string, value string) {
	if value != "" {
		*field = value
	}
}

// withoutAddress turns "Ann Lee <ann@example.com>" into "Ann Lee".
func withoutAddress(s string) string {
	name, _, found := strings.Cut(s, "<")
	if name = strings.TrimSpace(name); found && name != "" {
		return name
	}
	return s
}

// withoutCredentials takes user, password and fragment out of a URL. What does
// not parse as a URL with a host, such as a bare number, is kept unless it
// could hide credentials.
func withoutCredentials(s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || (u.Host == "" && strings.Contains(s, "@")) {
		return ""
	}
	u.User = nil
	u.Fragment = ""
	return u.String()
}
