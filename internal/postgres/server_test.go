package postgres

import (
	"crypto/tls"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
)

// On the way to another machine there is no choice of doing without TLS.
func TestEncrypted(t *testing.T) {
	t.Parallel()
	secure := &tls.Config{ServerName: "server"}
	way := func(host string, config *tls.Config) *pgconn.FallbackConfig {
		return &pgconn.FallbackConfig{Host: host, Port: 5432, TLSConfig: config}
	}
	for name, test := range map[string]struct{ ways, want []*pgconn.FallbackConfig }{
		"prefer":             {[]*pgconn.FallbackConfig{way("db", secure), way("db", nil)}, []*pgconn.FallbackConfig{way("db", secure)}},
		"allow":              {[]*pgconn.FallbackConfig{way("db", nil), way("db", secure)}, []*pgconn.FallbackConfig{way("db", secure)}},
		"disable":            {[]*pgconn.FallbackConfig{way("db", nil)}, []*pgconn.FallbackConfig{way("db", nil)}},
		"this machine":       {[]*pgconn.FallbackConfig{way("127.0.0.1", secure), way("127.0.0.1", nil)}, []*pgconn.FallbackConfig{way("127.0.0.1", secure), way("127.0.0.1", nil)}},
		"two hosts":          {[]*pgconn.FallbackConfig{way("a", secure), way("a", nil), way("b", nil)}, []*pgconn.FallbackConfig{way("a", secure), way("b", nil)}},
		"not this machine":   {[]*pgconn.FallbackConfig{way("localhost.example.com", secure), way("localhost.example.com", nil)}, []*pgconn.FallbackConfig{way("localhost.example.com", secure)}},
		"a socket's folder":  {[]*pgconn.FallbackConfig{way("/run/postgresql", nil)}, []*pgconn.FallbackConfig{way("/run/postgresql", nil)}},
		"loopback by number": {[]*pgconn.FallbackConfig{way("::1", nil), way("::1", secure)}, []*pgconn.FallbackConfig{way("::1", nil), way("::1", secure)}},
	} {
		show := func(ways []*pgconn.FallbackConfig) (shown []string) {
			for _, w := range ways {
				shown = append(shown, fmt.Sprint(w.Host, " ", w.TLSConfig != nil))
			}
			return shown
		}
		if diff := cmp.Diff(show(test.want), show(encrypted(test.ways))); diff != "" {
			t.Errorf("%s (-expected +found)\n%s", name, diff)
		}
	}
}
