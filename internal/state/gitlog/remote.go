package gitlog

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// target is the repository that the branch is in, and how it is reached.
type target struct {
	dir      string // where relative paths of the configuration begin
	url      string
	settings []setting // of the user's configuration, that say how the server is reached
}

// remoteName is what the repository is called in commands: so its URL, in which
// there can be a password, is on no command line, and no reference of the user's
// follows it.
const remoteName = "gdfctl"

// resolve asks the user's repository where the remote is, and for the
// configuration that applies there, conditional parts included. Its URL is the
// one that is pushed to: what is read has to be what is written.
func (p *Place) resolve(ctx context.Context, dir string) (*target, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, p.refusedRead("the program git was not found", "Install git 2.32 or later.")
	}
	version, err := p.ask(ctx, dir, "version")
	if err != nil {
		return nil, p.readFailed(err)
	}
	if old(string(version)) {
		return nil, p.refusedRead("git is too old: "+checkout.LastWords(string(version)), "Install git 2.32 or later.")
	}
	t := &target{dir: dir, url: p.remote}
	inside, err := p.ask(ctx, dir, "rev-parse", "--show-cdup")
	repository := err == nil
	var failed *failure
	if err != nil && (!errors.As(err, &failed) || !strings.Contains(failed.stderr, "not a git repository")) {
		return nil, p.readFailed(err)
	}
	if repository {
		t.dir = filepath.Join(dir, strings.TrimSpace(string(inside)))
		if err := p.notCommitted(ctx, dir); err != nil {
			return nil, err
		}
	}
	listed, err := p.ask(ctx, dir, "config", "--list", "-z")
	if err != nil {
		return nil, p.readFailed(err)
	}
	all, name := parse(listed), ""
	switch {
	case !isURL(p.remote):
		name = p.remote
		if t.url, err = p.named(ctx, dir, repository); err != nil {
			return nil, err
		}
	case checkout.IsPath(p.remote):
		if !filepath.IsAbs(t.url) {
			t.url = filepath.Join(dir, t.url)
		}
	default:
		t.url = rewritten(t.url, all)
	}
	if checkout.Transport(t.url) == "" {
		return nil, p.refusedRead("its protocol is not supported, or not encrypted", "Use an https:// or ssh:// URL, or a path.")
	}
	if name == "" && checkout.Transport(t.url) == "file" {
		if err := p.notInside(t); err != nil {
			return nil, err
		}
	}
	t.settings = relevant(all, name)
	return t, nil
}

// ask runs a command in the user's repository that changes nothing there.
func (p *Place) ask(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return p.run(ctx, command{dir: dir, env: checkout.Environment(p.environ, true), args: append(checkout.Cautious(), args...)})
}

// named is the URL of a remote of the user's repository.
func (p *Place) named(ctx context.Context, dir string, repository bool) (string, error) {
	if !repository {
		return "", p.refusedRead("the configuration is not in a git repository",
			`Run gdfctl in a clone, or write a URL: remote = "https://github.com/OWNER/REPOSITORY.git".`)
	}
	out, err := p.ask(ctx, dir, "remote", "get-url", "--push", "--", p.remote)
	if f := (*failure)(nil); errors.As(err, &f) && strings.Contains(strings.ToLower(f.stderr), "no such remote") {
		return "", p.refusedRead("this repository has no remote of that name",
			"Write the name of one that `git remote` lists, or a URL.")
	}
	if err != nil {
		return "", p.readFailed(err)
	}
	return strings.TrimSuffix(string(bytes.TrimSuffix(out, []byte("\n"))), "\r"), nil
}

// rewritten is a URL as the user's configuration has pushes rewrite it. Git says
// that of remotes alone.
func rewritten(remote string, all []setting) string {
	for _, how := range []string{".pushinsteadof", ".insteadof"} {
		base, longest := "", ""
		for _, s := range all {
			b, ok := strings.CutPrefix(s.key, "url.")
			if b, is := strings.CutSuffix(b, how); ok && is && strings.HasPrefix(remote, s.value) && len(s.value) > len(longest) {
				base, longest = b, s.value
			}
		}
		if longest != "" {
			return base + remote[len(longest):]
		}
	}
	return remote
}

// notCommitted refuses a repository that holds files of the store: whoever puts
// them there could say what a branch holds.
func (p *Place) notCommitted(ctx context.Context, dir string) error {
	committed, err := checkout.At(dir).Tracks(ctx, filepath.ToSlash(storeFolder))
	if err != nil {
		return p.readFailed(err)
	}
	if committed {
		return p.refusedRead(filepath.ToSlash(storeFolder)+", where gdfctl keeps what it fetched, is committed",
			"Remove it from the repository: git rm -r --cached "+filepath.ToSlash(storeFolder))
	}
	return nil
}

// parse reads what git lists of its configuration.
func parse(listed []byte) []setting {
	var all []setting
	for item := range strings.SplitSeq(strings.TrimSuffix(string(listed), "\x00"), "\x00") {
		key, value, has := strings.Cut(item, "\n")
		if !has {
			value = "true" // as git reads a key without "="
		}
		all = append(all, setting{key, value})
	}
	return all
}

// relevant are the settings that say how a server is reached: credentials,
// proxies, certificates, ssh. Everything else is about the user's own work.
func relevant(all []setting, name string) []setting {
	var found []setting
	for _, s := range all {
		switch section, rest, _ := strings.Cut(s.key, "."); section {
		case "http", "credential", "ssh":
			found = append(found, s)
		case "core":
			if rest == "sshcommand" || rest == "gitproxy" || rest == "askpass" {
				found = append(found, s)
			}
		case "protocol":
			if rest == "version" {
				found = append(found, s)
			}
		case "remote":
			// The name can hold dots.
			if at := strings.LastIndex(rest, "."); at >= 0 && name != "" && rest[:at] == name {
				switch sub := rest[at+1:]; sub {
				case "proxy", "proxyauthmethod", "uploadpack", "receivepack":
					found = append(found, setting{"remote." + remoteName + "." + sub, s.value})
				}
			}
		}
	}
	return found
}

var versionNumber = regexp.MustCompile(`(\d+)\.(\d+)`)

// old reports whether a version of git can't take its configuration from the
// environment alone.
func old(version string) bool {
	m := versionNumber.FindStringSubmatch(version)
	if m == nil {
		return false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return major < 2 || major == 2 && minor < 32
}

// isURL tells a URL or a path from the name of a remote.
func isURL(remote string) bool { return strings.ContainsAny(remote, `:/\`) }

// refusedRead is the error for a place that can't even be read.
func (p *Place) refusedRead(reason, remedy string) error {
	return &sharedlog.RefusedError{Place: p.String(), Read: true, Reason: reason, Remedy: remedy}
}
