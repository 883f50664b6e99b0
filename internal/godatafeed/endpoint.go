package godatafeed

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	endpoints "github.com/gdfctl/gdfctl/internal/endpoint"
)

// DefaultEndpoint is where the API is when nothing else is configured.
const DefaultEndpoint = endpoints.Default

// version is the first segment of every path. The reference writes /api/v1 in
// one place and /v1 in all its examples.
const version = "v1"

// endpoint is a checked base URL. Path building and authentication are this
// file's, and no other's: another version of the API changes bind.
type endpoint struct {
	scheme string // https, or http on loopback
	host   string // host or host:port, lower case
	path   string // escaped, without a slash at the end
}

// request is one operation before it is bound to an endpoint and a token.
type request struct {
	op     string
	method string
	path   []string   // segments after the token, unescaped
	query  url.Values // nil: none
	body   []byte     // nil: none
	open   bool       // sent without a token: the authorization itself
}

// bind builds the HTTP request: the token is a segment of the path. Every
// segment is escaped, so that an id stays one segment whatever it holds.
func (e endpoint) bind(ctx context.Context, r request, token string) (*http.Request, error) {
	segments := []string{version}
	if !r.open {
		segments = append(segments, token)
	}
	segments = append(segments, r.path...)

	escaped := e.path
	for _, s := range segments {
		escaped += "/" + escapeSegment(s)
	}
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, errors.New("the request's path can't be built")
	}
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, e.scheme+"://"+e.host, body)
	if err != nil {
		return nil, errors.New("the request can't be built")
	}
	// With both set, net/http sends RawPath to the letter.
	req.URL.Path, req.URL.RawPath = plain, escaped
	req.URL.RawQuery = strings.ReplaceAll(r.query.Encode(), "+", "%20")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// escapeSegment is url.PathEscape, and escapes the two segments that mean
// another place to servers and proxies.
func escapeSegment(s string) string {
	if s == "." || s == ".." {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}

// parseEndpoint checks a base URL. Its errors don't quote the URL, which may
// hold a password.
func parseEndpoint(raw string) (endpoint, error) {
	base, err := endpoints.Parse(cmp.Or(raw, DefaultEndpoint))
	if err != nil {
		return endpoint{}, fmt.Errorf("the endpoint can't be used: %w", err)
	}
	return endpoint{scheme: base.Scheme, host: base.Host, path: base.Path}, nil
}

// isLoopback reports whether a host name can only mean this machine.
func isLoopback(hostname string) bool { return endpoints.Loopback(hostname) }
