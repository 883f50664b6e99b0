package gitlog

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// askStrangers is how long a server has to answer a request without credentials:
// behind many servers of ssh there is none for https.
const askStrangers = 10 * time.Second

// private refuses a repository that strangers can read, unless the block says that
// it is public: what is pushed once can't be taken back.
func (p *Place) private(ctx context.Context) (warnings []string, err error) {
	if p.public {
		return nil, nil
	}
	brief, cancel := context.WithTimeout(ctx, askStrangers)
	defer cancel()
	address := p.openAddress(brief, p.target.url)
	if address == "" {
		return nil, nil
	}
	_, err = p.anonymously(brief, address)
	var f *failure
	switch {
	case err == nil:
		return nil, &sharedlog.RefusedError{
			Place:  p.String(),
			Reason: "everybody can read the repository, and order numbers and tracking numbers would be public forever",
			Remedy: "Make the repository private, use another one, or write public = true in the backend block if that is what you want.",
		}
	case ctx.Err() != nil:
		return nil, p.says("%w", err)
	case errors.As(err, &f) && (brief.Err() != nil || unreachable(f.stderr)) && strings.HasPrefix(p.target.url, "http"):
		return []string{"Whether strangers can read the repository is unknown: the server did not answer a request without credentials."}, nil
	}
	return nil, nil
}

// openAddress is where anybody would read the repository at a URL: forges have the
// same path for ssh and for https. It is empty where only this machine can.
func (p *Place) openAddress(ctx context.Context, remote string) string {
	switch checkout.Transport(remote) {
	case "http", "https":
		u, err := url.Parse(remote)
		if err != nil {
			return ""
		}
		u.User = nil
		return u.String()
	case "ssh":
		host, path, _ := strings.Cut(remote, ":")
		if strings.HasPrefix(remote, "ssh://") {
			u, err := url.Parse(remote)
			if err != nil {
				return ""
			}
			host, path = u.Hostname(), u.Path
		}
		host = p.realHost(ctx, strings.Trim(host[strings.LastIndex(host, "@")+1:], "[]"))
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return "https://" + host + "/" + strings.TrimPrefix(path, "/")
	}
	return ""
}

// onHTTPSPort are hosts on which forges take ssh where firewalls let only https
// pass.
var onHTTPSPort = map[string]string{
	"ssh.github.com":       "github.com",
	"altssh.gitlab.com":    "gitlab.com",
	"altssh.bitbucket.org": "bitbucket.org",
}

// realHost is the host that a name in an ssh URL stands for: people with several
// accounts give one host several names.
func (p *Place) realHost(ctx context.Context, name string) string {
	host := name
	if !strings.HasPrefix(name, "-") {
		out, err := p.run(ctx, command{program: "ssh", dir: p.target.dir, env: checkout.Environment(p.environ, false), args: []string{"-G", name}})
		for line := range strings.Lines(string(out)) {
			if said, ok := strings.CutPrefix(strings.TrimSpace(line), "hostname "); ok && err == nil {
				host = said
			}
		}
	}
	return cmp.Or(onHTTPSPort[host], host)
}

// anonymously asks for the references of a repository without any credentials that
// there are: those of helpers, of the configuration, of curl's netrc file.
func (p *Place) anonymously(ctx context.Context, address string) ([]byte, error) {
	settings := []setting{
		{"credential.helper", ""},
		{"core.askPass", ""},
	}
	for _, s := range p.target.settings {
		section, rest, _ := strings.Cut(s.key, ".")
		if last := rest[strings.LastIndex(rest, ".")+1:]; section == "http" {
			switch last {
			case "proxy", "proxyauthmethod", "sslcainfo", "sslcapath", "sslverify", "sslbackend", "schannelcheckrevoke", "schannelusesslcainfo":
				settings = append(settings, s)
			}
		}
	}
	home := p.store.own
	env := slices.DeleteFunc(checkout.Environment(p.environ, false), func(variable string) bool {
		return strings.HasPrefix(variable, "GIT_SSL_CERT") || strings.HasPrefix(variable, "GIT_SSL_KEY")
	})
	env = append(env, p.store.env()...)
	env = append(env, configuration(settings)...)
	env = append(env,
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_ASKPASS=", "GIT_ALLOW_PROTOCOL="+checkout.Transport(address),
		"HOME="+home, "USERPROFILE="+home, "XDG_CONFIG_HOME="+home)
	return p.run(ctx, command{dir: home, env: env, args: []string{"ls-remote", "--quiet", address, "HEAD"}})
}
