package godatafeed

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// The environment's variables that say where secrets may go. Who may send
// messages to a host must not thereby get the key there: a chat's host is shared
// by everybody who has a webhook at it.
const (
	EnvEndpoint        = "GDF_ENDPOINT"
	EnvAllowedKeyHosts = "GDF_ALLOWED_KEY_HOSTS" // for keys
	EnvAllowedHosts    = "GDF_ALLOWED_HOSTS"     // for messages
)

// KeyAllowed reports, by its error, whether a key may be sent to an endpoint
// (empty: DefaultEndpoint). A key that comes from the environment, and a
// pull request that changes the endpoint, must not meet: such a key goes only
// to the default endpoint's host, to the host of GDF_ENDPOINT, to loopback, or
// to a host of GDF_ALLOWED_KEY_HOSTS. That holds hosts, or host:port, between
// commas or spaces; a host without a port stands for all its ports. The error
// says what to do and holds no key.
func KeyAllowed(endpoint string, keyFromEnv bool, env func(string) string) error {
	where, err := parseEndpoint(endpoint)
	if err != nil {
		return err
	}
	if !keyFromEnv || where.usual(env) || where.listed(env(EnvAllowedKeyHosts)) {
		return nil
	}
	return fmt.Errorf("the key from the environment is not sent to %q, which the configuration names as its endpoint: "+
		"if that host is meant to have it, add it to %s, or set %s", where.host, EnvAllowedKeyHosts, EnvEndpoint)
}

// usual reports whether keys go to this host without being told.
func (e endpoint) usual(env func(string) string) bool {
	if isLoopback(hostname(e.host)) || e.sameHost(DefaultEndpoint) {
		return true
	}
	named := strings.TrimSpace(env(EnvEndpoint))
	return named != "" && e.sameHost(named)
}

// listed reports whether a list of hosts has this one.
func (e endpoint) listed(hosts string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(hosts, isSeparator), e.matches)
}

// sameHost reports whether another base URL has the same host and port.
func (e endpoint) sameHost(base string) bool {
	other, err := parseEndpoint(base)
	return err == nil && e.authority() == other.authority()
}

// matches reports whether an entry of a list of hosts means this endpoint.
func (e endpoint) matches(allowed string) bool {
	allowed = strings.ToLower(allowed)
	if host, port, err := net.SplitHostPort(allowed); err == nil {
		return e.authority() == net.JoinHostPort(canonicalHost(host), port)
	}
	return canonicalHost(hostname(e.host)) == canonicalHost(strings.Trim(allowed, "[]"))
}

// authority is host and port in the one form in which they are compared.
func (e endpoint) authority() string {
	u := url.URL{Host: e.host}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[e.scheme]
	}
	return net.JoinHostPort(canonicalHost(u.Hostname()), port)
}

func hostname(host string) string { return (&url.URL{Host: host}).Hostname() }

func canonicalHost(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

func isSeparator(r rune) bool {
	return r == ',' || r == ';' || r == ' ' || r == '\t' || r == '\n' || r == '\r'
}
