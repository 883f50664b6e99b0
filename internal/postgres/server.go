package postgres

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// Server is a server that a url names. The url is read at the first connection, with
// the files that it names.
type Server struct {
	url   string // a secret; empty: by the variables of PostgreSQL's own tools alone
	named string // what people call the url
	unset bool   // it is empty, although one is named

	only func(variable string) string // all that counts beside the url; nil: what this process has

	once   sync.Once
	config *pgconn.Config
	err    error
}

// At is the server that a url names. named is what people call the url in
// messages; said is false where none was given, and PostgreSQL's own variables say all.
func At(url, named string, said bool) *Server {
	return &Server{url: url, named: named, unset: said && url == ""}
}

// Only lets nothing count beside the url but the variables of a tenant: neither those of
// this process, nor the files of its user. It is called before the server is used.
func (s *Server) Only(variable func(name string) string) { s.only = variable }

func (s *Server) parsed() (*pgconn.Config, error) {
	if s.unset {
		return nil, errUnset
	}
	s.once.Do(func() {
		whole := s.url
		if s.only != nil {
			if whole, s.err = ofTenant(s.url, s.only); s.err != nil {
				return
			}
		}
		if s.config, s.err = pgconn.ParseConfig(whole); s.err != nil {
			return
		}
		Secure(s.config)
	})
	return s.config, s.err
}

// Secure leaves no way to connect that a url of several hosts, or of servers with and
// without TLS, must not be read as: see encrypted. Of several servers, it selects the
// primary. Who reads a url with another package of the driver has to call it.
func Secure(c *pgconn.Config) {
	hosts := encrypted(append([]*pgconn.FallbackConfig{{Host: c.Host, Port: c.Port, TLSConfig: c.TLSConfig}}, c.Fallbacks...))
	c.Host, c.Port, c.TLSConfig = hosts[0].Host, hosts[0].Port, hosts[0].TLSConfig
	c.Fallbacks = hosts[1:]
	if c.ValidateConnect == nil && slices.ContainsFunc(hosts, func(h *pgconn.FallbackConfig) bool { return !sameServer(h, hosts[0]) }) {
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	}
	c.RuntimeParams["application_name"] = cmp.Or(c.RuntimeParams["application_name"], "gdfctl")
}

// Mark is a short text that differs for other hosts and databases, and for neither
// another user nor another password. It is empty where the url names none.
func (s *Server) Mark() string {
	var where []string
	if u, err := url.Parse(s.url); err == nil && u.Scheme != "" {
		q := u.Query()
		where = []string{u.Host, u.Path, q.Get("host"), q.Get("port"), q.Get("dbname"), q.Get("service")}
	} else {
		for word := range strings.FieldsSeq(s.url) {
			key, _, _ := strings.Cut(word, "=")
			if slices.Contains([]string{"host", "port", "dbname", "service"}, key) {
				where = append(where, word)
			}
		}
	}
	text := strings.Join(where, "\n")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:3])
}

// encrypted leaves out of the ways to connect those without TLS, where there is
// one with it to the same server of another machine: whoever is in between could
// otherwise choose, and read the password. sslmode=disable leaves no choice.
func encrypted(ways []*pgconn.FallbackConfig) []*pgconn.FallbackConfig {
	var kept []*pgconn.FallbackConfig
	for _, w := range ways {
		withTLS := func(other *pgconn.FallbackConfig) bool { return other.TLSConfig != nil && sameServer(w, other) }
		if w.TLSConfig != nil || thisMachine(w.Host) || !slices.ContainsFunc(ways, withTLS) {
			kept = append(kept, w)
		}
	}
	return kept
}

func sameServer(a, b *pgconn.FallbackConfig) bool { return a.Host == b.Host && a.Port == b.Port }

// thisMachine reports whether what is sent to a host leaves no machine: a socket's
// folder or a loopback address.
func thisMachine(host string) bool {
	ip := net.ParseIP(host)
	network, _ := pgconn.NetworkAddress(host, 1)
	return network == "unix" || strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
