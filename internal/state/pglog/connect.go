package pglog

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// connector opens connections to the server that a url names. It is read at the
// first connection, with the files that it names.
type connector struct {
	url   string // a secret; empty: by the variables of PostgreSQL's own tools alone
	unset bool   // it is empty, although the configuration names one

	once   sync.Once
	config *pgconn.Config
	err    error
}

func (c *connector) parsed() (*pgconn.Config, error) {
	if c.unset {
		return nil, errUnset
	}
	c.once.Do(func() {
		if c.config, c.err = pgconn.ParseConfig(c.url); c.err != nil {
			return
		}
		hosts := encrypted(append([]*pgconn.FallbackConfig{{Host: c.config.Host, Port: c.config.Port, TLSConfig: c.config.TLSConfig}}, c.config.Fallbacks...))
		c.config.Host, c.config.Port, c.config.TLSConfig = hosts[0].Host, hosts[0].Port, hosts[0].TLSConfig
		c.config.Fallbacks = hosts[1:]
		if c.config.ValidateConnect == nil && slices.ContainsFunc(hosts, func(h *pgconn.FallbackConfig) bool { return !sameServer(h, hosts[0]) }) {
			c.config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
		}
		c.config.RuntimeParams["application_name"] = cmp.Or(c.config.RuntimeParams["application_name"], "gdfctl")
	})
	return c.config, c.err
}

// mark is a short text that differs for other hosts and databases, and for neither
// another user nor another password. It is empty where the url names none.
func (c *connector) mark() string {
	var where []string
	if u, err := url.Parse(c.url); err == nil && u.Scheme != "" {
		q := u.Query()
		where = []string{u.Host, u.Path, q.Get("host"), q.Get("port"), q.Get("dbname"), q.Get("service")}
	} else {
		for word := range strings.FieldsSeq(c.url) {
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
	return sharedlog.HashOf([]byte(text))[:6]
}

// errUnset keeps a run from whatever server happens to be on its machine.
var errUnset = errors.New("its url is empty")

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

// session is one connection. It holds nothing between two calls.
type session struct {
	*pgconn.PgConn
	warnings int // that the server sent
}

// use calls do with a connection, one that was used before where there is one. A
// connection with which anything went wrong is not used again.
func (p *Place) use(ctx context.Context, do func(*session) error) error {
	s, err := p.session(ctx)
	if err != nil {
		return err
	}
	defer p.freed()
	if err := do(s); err != nil {
		s.end()
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		s.end()
		return nil
	}
	p.idle = append(p.idle, s)
	return nil
}

// freed says that a connection is no longer in use.
func (p *Place) freed() {
	p.mu.Lock()
	p.busy--
	p.mu.Unlock()
	select {
	case p.free <- struct{}{}:
	default: // nobody waits
	}
}

// sharing is how long a call waits for a connection that is in use before it makes
// another one: that takes several round trips, and servers have few.
const sharing = time.Second

// shared waits until a connection may be free, once.
func (p *Place) shared(ctx context.Context) {
	select {
	case <-p.free:
	case <-ctx.Done():
	case <-time.After(sharing):
	}
}

// session is a connection that seems alive. What the server closed meanwhile is
// noticed before anything is sent, since an append that was sent is not known to
// have failed.
func (p *Place) session(ctx context.Context) (*session, error) {
	for waited := time.Duration(0); ; {
		p.mu.Lock()
		var s *session
		closed, last := p.closed, len(p.idle)-1
		if last >= 0 {
			s, p.idle = p.idle[last], p.idle[:last]
		}
		wait := s == nil && p.busy > 0 && waited < sharing
		if !closed && !wait {
			p.busy++
		}
		p.mu.Unlock()
		switch {
		case closed:
			return nil, errClosed
		case wait:
			began := time.Now()
			p.shared(ctx)
			waited += time.Since(began)
			continue
		case s == nil:
			var err error
			if s, err = p.connect(ctx); err != nil {
				p.freed()
			}
			return s, err
		case s.alive():
			return s, nil
		}
		s.end()
		p.freed()
	}
}

// alive reports whether the server did not end the connection, as far as is known
// here. It may have said other things before that.
func (s *session) alive() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	for {
		if _, err := s.ReceiveMessage(ctx); err != nil {
			return pgconn.Timeout(err) && !s.IsClosed()
		}
	}
}

func (p *Place) connect(ctx context.Context) (*session, error) {
	config, err := p.server.parsed()
	if err != nil {
		return nil, err
	}
	s := &session{}
	own := config.Copy()
	own.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			s.warnings++
		}
	}
	s.PgConn, err = pgconn.ConnectConfig(ctx, own)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// end closes a connection. Saying so to the server is a courtesy.
func (s *session) end() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.PgConn.Close(ctx) // nothing is expected of it any more
}

// errClosed is the error of all calls after Close.
var errClosed = errors.New("it was closed")

// Close closes the connections that are not in use; the others are closed when they
// no longer are.
func (p *Place) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, s := range p.idle {
		s.end()
	}
	p.idle = nil
	return nil
}
