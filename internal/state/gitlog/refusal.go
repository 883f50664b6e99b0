package gitlog

import (
	"errors"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// refusal is one way in which git or a server says no for good.
type refusal struct {
	says           []string // each in lower case; one of them is in the message
	reason, remedy string
}

const (
	giveRead  = "Give the token or key the right to read (GitHub: contents: read; GitLab: read_repository)."
	giveWrite = "Give the token or key the right to write (GitHub: contents: write; GitLab: write_repository, and a role that can push)."
	exempt    = "Exempt the branches gdfctl-state/* and gdfctl-plans/* from the rule, or let this account pass it."
)

// declines are what a server reports for a push that reached it.
var declines = []refusal{
	{[]string{"verified signature", "must be signed", "signed commits", "unsigned commit", "reject unsigned"}, "the server requires signed commits, and gdfctl does not sign its own", exempt},
	{[]string{"gh013"}, "a ruleset of the repository forbids it", exempt},
	{[]string{"gh006", "protected branch", "protected branches"}, "the branch is protected", exempt},
	{[]string{"gh001", "exceeds", "too large"}, "a file or the push is larger than the server allows", "Ask the server's administrators for its limit."},
	{[]string{"gh008", "lfs"}, "the server wants the branch's files in LFS", "Exempt the branches gdfctl-state/* and gdfctl-plans/* from that rule."},
	{[]string{"archived", "read-only", "read only"}, "the repository is archived or read-only", "Use a repository that can be written to."},
	{[]string{"shallow update not allowed"}, "the server takes no pushes from shallow clones", "Set receive.shallowUpdate on the server, or use another one."},
	{[]string{"deny updating a hidden ref", "hidden ref"}, "the server hides references of that name", "Ask the server's administrators to allow refs/heads/gdfctl-state/."},
	{[]string{"directory/file conflict", "refname conflict", "' exists; cannot create"}, "there is a branch whose name is the beginning of this one's", `Rename the branch "gdfctl-state" or "gdfctl-plans".`},
	{[]string{"pre-receive hook declined", "hook declined", "update hook", "push declined", "not allowed to push", "prohibited", "permission"}, "a rule or hook of the server forbids it", exempt},
}

// refusals are what git says before anything is pushed or fetched.
var refusals = []refusal{
	{[]string{"dubious ownership"}, "the repository belongs to another user of this machine", "If you trust it: git config --global --add safe.directory DIRECTORY"},
	{[]string{"archived so it is read-only", "repository was archived"}, "the repository is archived", "Use a repository that can be written to."},
	{[]string{"write access to repository not granted", "returned error: 403", "denied to", "marked as read only", "not allowed to push", "not allowed to upload", "insufficient permission", "http 403", "access denied", "service not enabled"}, "the credentials don't allow it", giveWrite},
	{[]string{"host key verification failed"}, "the host key of the server is not known", "Add it to known_hosts, after comparing it with the one that the server's operators publish."},
	{
		[]string{"authentication failed", "could not read username", "could not read password", "terminal prompts disabled", "permission denied (", "returned error: 401", "http 401", "invalid username or", "http basic: access denied", "no such identity"},
		"the server does not accept the credentials, or there are none",
		"gdfctl asks for no password: configure a credential helper or an ssh key without a prompt, as for git itself. In CI, keep the credentials of the checkout.",
	},
	{
		[]string{"repository not found", "returned error: 404", "does not appear to be a git repository", "repository does not exist", "does not exist or you", "' not found", "could not be found"},
		"there is no such repository, or the credentials don't give access to it",
		"Check the remote in the backend block, and what the token or key can read.",
	},
	{[]string{"ssl certificate", "certificate verify", "certificate verification"}, "the certificate of the server is not trusted", "Configure http.sslCAInfo for git."},
	{[]string{"transport '"}, "its protocol is not allowed", "Use an https:// or ssh:// URL, or a path."},
	{[]string{"mismatched algorithms"}, "the repository names objects by SHA-256", "Use a repository with SHA-1 names, as git makes them by default."},
}

// final is the error for a command that would fail again, or nil.
func (p *Place) final(f *failure, read bool) error {
	for _, r := range refusals {
		if r.matches(f.stderr) {
			if read && r.remedy == giveWrite {
				r.remedy = giveRead
			}
			return r.as(p, read, f.stderr)
		}
	}
	return nil
}

// as is the error for a refusal, with what the server says itself.
func (r refusal) as(p *Place, read bool, stderr string) error {
	if said := remoteSays(stderr); said != "" {
		r.reason += " (" + said + ")"
	}
	return &sharedlog.RefusedError{Place: p.String(), Read: read, Reason: r.reason, Remedy: r.remedy}
}

// declined is the error for a push that the server refused, or nil where its words
// are not known.
func (p *Place) declined(summary, stderr string) error {
	for _, r := range declines {
		if r.matches(summary + "\n" + stderr) {
			return r.as(p, false, stderr)
		}
	}
	return nil
}

func (r refusal) matches(text string) bool { return saysOneOf(strings.ToLower(text), r.says...) }

func saysOneOf(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// readFailed is the error for a command that reads.
func (p *Place) readFailed(err error) error {
	var f *failure
	if errors.As(err, &f) && !f.late {
		if refused := p.final(f, true); refused != nil {
			return refused
		}
	}
	return p.says("%w", err)
}

// isFinal reports whether reading in another way would fail too.
func (p *Place) isFinal(err error) bool {
	var refused *sharedlog.RefusedError
	var f *failure
	return errors.As(err, &refused) || errors.As(err, &f) && (f.late || unreachable(f.stderr))
}

// unreachable reports whether no connection to the server was made.
func unreachable(stderr string) bool {
	return saysOneOf(strings.ToLower(stderr),
		"could not resolve", "failed to connect", "couldn't connect", "connection refused", "network is unreachable", "no route to host", "connection timed out", "operation timed out")
}

// remoteSays are the first lines that a server wrote for people.
func remoteSays(stderr string) string {
	var said []string
	for line := range strings.Lines(stderr) {
		text, ok := strings.CutPrefix(strings.TrimSpace(line), "remote:")
		if text = strings.Trim(text, " \t-*="); ok && text != "" && len(said) < 4 {
			said = append(said, text)
		}
	}
	return foreignText(strings.Join(said, " "))
}

// foreignText makes words of git or a server safe to show.
func foreignText(s string) string { return safetext.Message(checkout.Shown(s)) }
