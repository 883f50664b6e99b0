package endpoint

import (
	"encoding/hex"
	"errors"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// Default is the API of the documents.
const Default = "https://api.godatafeed.com"

// The call limit of an account as the documents have it: a burst, and then a rate.
const (
	DefaultBurst     = 50
	DefaultPerSecond = 2
)

// Sandbox as an endpoint means the built-in simulator.
const Sandbox = "sandbox"

// Base is a checked base address in its one spelling.
type Base struct {
	Scheme string // https, or http to this machine
	Host   string // host or host:port: lower case, no default port, no dot at the end
	Path   string // escaped and clean, without a slash at the end
}

// String is the address as it is called and kept. People are shown Shown.
func (b Base) String() string { return b.Scheme + "://" + b.Host + b.Path }

// Hostname is the host without its port.
func (b Base) Hostname() string { return (&url.URL{Host: b.Host}).Hostname() }

// Parse checks a base address. Its errors do not quote the address, which may
// hold a password.
func Parse(raw string) (Base, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil, u.Opaque != "", strings.Trim(u.Hostname(), ".") == "":
		return Base{}, errors.New("it is not an address like " + Default)
	case u.User != nil:
		return Base{}, errors.New("it holds a user name or password: credentials go into consumer_key or token")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(raw, "#"):
		return Base{}, errors.New("it has a query or a fragment: write a base address like " + Default)
	case u.Scheme != "https" && u.Scheme != "http":
		return Base{}, errors.New("it must begin with https://")
	case strings.ContainsFunc(u.Host, func(r rune) bool { return r >= 0x80 }):
		return Base{}, errors.New("its host holds letters beyond ASCII: write the host as DNS has it, beginning with xn--")
	case len(portOf(u)) > len("65535"), u.Port() != "" && portOf(u) == "":
		return Base{}, errors.New("its port is not a port")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		return Base{}, errors.New("it would send the key unencrypted: plain http is for loopback only")
	}
	return Base{Scheme: u.Scheme, Host: hostOf(u), Path: cleanPath(u.EscapedPath())}, nil
}

// hostOf leaves out what does not tell one server from another.
func hostOf(u *url.URL) string {
	host := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if address, err := netip.ParseAddr(host); err == nil {
		host = address.Unmap().String()
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	switch port := portOf(u); {
	case port == "", u.Scheme == "https" && port == "443", u.Scheme == "http" && port == "80":
		return host
	default:
		return host + ":" + port
	}
}

func portOf(u *url.URL) string { return strings.TrimLeft(u.Port(), "0") }

var escape = regexp.MustCompile("%[0-9A-Fa-f]{2}")

// cleanPath drops empty and dot segments: servers do too, and every client of
// the address appends to it. What need not be escaped is not, and what must be
// is in one way.
func cleanPath(escaped string) string {
	plain := escape.ReplaceAllStringFunc(escaped, func(code string) string {
		b, err := hex.DecodeString(code[1:])
		if c := b[0]; err == nil && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0) {
			return string(c)
		}
		return strings.ToUpper(code)
	})
	if clean := path.Clean("/" + plain); clean != "/" {
		return clean
	}
	return ""
}

// Loopback reports whether a host name can only mean this machine.
func Loopback(hostname string) bool {
	hostname = strings.TrimSuffix(hostname, ".")
	if strings.EqualFold(hostname, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(hostname)
	return err == nil && address.Unmap().IsLoopback()
}

// Same reports whether two endpoints mean one API, however they are written.
// The names of this machine are one: what listens behind localhost and
// 127.0.0.1 is the same program.
func Same(a, b string) bool { return a == b || identity(a) == identity(b) }

func identity(raw string) string {
	base, err := Parse(raw)
	if err != nil {
		return raw // the sandbox, or what an earlier version kept
	}
	if Loopback(base.Hostname()) {
		u := url.URL{Scheme: base.Scheme, Host: base.Host}
		base.Host = "localhost"
		if port := u.Port(); port != "" {
			base.Host += ":" + port
		}
	}
	return base.String()
}
