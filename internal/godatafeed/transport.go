package godatafeed

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	endpoints "github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// MostAtOnce is how many calls of an account may be under way at once: so many
// connections are kept for the next ones.
const MostAtOnce = 200

// ConnectTimeout bounds each of the two things that come before the first byte
// of a call on a new connection: the connection itself, and its encryption.
const ConnectTimeout = 15 * time.Second

// Transport carries requests. It follows no redirect and keeps no cookies.
type Transport = http.RoundTripper

// NewTransport returns the transport that clients use by default. It speaks
// HTTP/1 only: HTTP/2 sends PUTs again on its own after some stream errors. It
// follows no redirect, because no http.Client uses it: 301 to 303 would
// turn a PUT into a GET that succeeds, and all of them would hand the token to
// another host. Proxies come from the environment.
func NewTransport() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	dialer := &net.Dialer{Timeout: ConnectTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Protocols:           protocols,
		Proxy:               proxyFromEnvironment,
		DialContext:         Guarded(dialer.DialContext),
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: ConnectTimeout,
		MaxIdleConnsPerHost: MostAtOnce,
		// A PUT on a connection that the server just closed has an unknown
		// outcome, so none is kept for as long as servers usually keep them.
		IdleConnTimeout:        20 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// proxyFromEnvironment is http.ProxyFromEnvironment, whose error quotes the
// proxy's URL and the password in it.
func proxyFromEnvironment(r *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(r)
	if err != nil {
		return nil, errors.New("HTTPS_PROXY or HTTP_PROXY is not a valid URL")
	}
	return proxy, nil
}

// describe says what a transport's error means, without the URL that errors of
// net/http carry, and with it the token.
func (c *Client) describe(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the answer was cut off"
	case errors.Is(err, io.EOF):
		return "the connection was closed before an answer came"
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return notHTTP
	}
	// What net/http quotes is a piece of the answer, cut where it no longer
	// understood it: half a token may be in it, which no mask finds.
	text, _, quotes := strings.Cut(err.Error(), `"`)
	if quotes && strings.Contains(text, "malformed") {
		return notHTTP
	}
	if said := endpoints.Network(err); said != "" { // nothing of an answer is in it
		return safetext.Message(anyURL.ReplaceAllLiteralString(c.mask.hide(said), "[URL]"))
	}
	return c.foreign(text)
}

func (c *Client) noConnection(err error) string {
	return "no connection: " + c.describe(err) + "; check the endpoint and the network"
}

const notHTTP = "the answer is not valid HTTP"

// isDial reports whether err says that there was no connection. Transports
// that are no *http.Transport have no other way to say so.
func isDial(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// isPermanent reports whether trying again can't help: a certificate stays
// wrong.
func isPermanent(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}
