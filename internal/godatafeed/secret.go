package godatafeed

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// masked stands in the place of a secret, wherever one would be shown.
const masked = "[masked]"

// Secret is a consumer key or a token. Printing it, in whatever format, and
// marshaling it shows "[masked]"; only a conversion to string reads it.
type Secret string

// String returns "[masked]", or nothing for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return masked
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return s.String() }

// Format covers the verbs that don't go through String: fmt shows the value
// itself when a verb does not fit the type.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText covers slog, and encodings other than JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON writes "[masked]".
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// keptSecrets bounds the tokens that are remembered for masking; a long
// watching process renews its token again and again.
const keptSecrets = 16

// mask hides secrets in foreign text: servers echo the request's path, and the
// token is a part of it. The zero mask hides nothing.
type mask struct {
	mu      sync.RWMutex // guards what follows
	secrets []string     // the oldest first
	pattern *regexp.Regexp
}

// add makes hide cover s, as it is and in the escaped forms that paths,
// queries and pages use.
func (m *mask) add(s string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s == "" || slices.Contains(m.secrets, s) {
		return
	}
	if len(m.secrets) == keptSecrets {
		// The first is the consumer key, or the token that was configured.
		m.secrets = slices.Delete(m.secrets, 1, 2)
	}
	m.secrets = append(m.secrets, s)
	m.pattern = anyFormOf(m.secrets)
}

// hide returns s with every secret replaced. It must see text before that is
// cut or escaped: half a token would not be found.
func (m *mask) hide(s string) string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.pattern == nil {
		return s
	}
	return m.pattern.ReplaceAllLiteralString(s, masked)
}

// anyFormOf matches the secrets without case (servers fold paths, and hex
// digits come in both), the longest form first.
func anyFormOf(secrets []string) *regexp.Regexp {
	var forms []string
	for _, s := range secrets {
		forms = append(forms, s, url.PathEscape(s), url.QueryEscape(s), html.EscapeString(s), jsonEscape(s))
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for i, f := range forms {
		forms[i] = regexp.QuoteMeta(f)
	}
	return regexp.MustCompile("(?i)" + strings.Join(slices.Compact(forms), "|"))
}

func jsonEscape(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return string(b[1 : len(b)-1])
}
