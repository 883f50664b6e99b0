package checkout

import (
	"net"
	"net/url"
	"regexp"
	"runtime"
	"strings"
)

// Transport is the protocol of a URL or path: file, ssh, https, http. It is empty
// for those that run programs, and for what is neither encrypted nor on this
// machine: whoever can change what is read decides what is sent.
func Transport(remote string) string {
	if strings.Contains(remote, "::") { // a helper of git that the URL names
		if u, err := url.Parse(remote); err != nil || u.Host == "" {
			return ""
		}
	}
	scheme, _, isURL := strings.Cut(remote, "://")
	if !isURL {
		if before, _, colon := strings.Cut(remote, ":"); colon && !strings.ContainsAny(before, `/\`) && !isDrive(before) {
			return "ssh"
		}
		return "file"
	}
	switch scheme {
	case "file", "ssh", "https":
		return scheme
	case "http":
		if u, err := url.Parse(remote); err == nil && isLoopback(u.Hostname()) {
			return scheme
		}
	}
	return ""
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func isDrive(s string) bool { return runtime.GOOS == "windows" && len(s) == 1 }

// IsPath reports whether a remote is a path, and not a URL.
func IsPath(remote string) bool {
	return Transport(remote) == "file" && !strings.Contains(remote, "://")
}

var (
	userinfo = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://)[^/\s'"]*@`)
	query    = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*://[^\s'"?]*)\?[^\s'"]*`)
)

// Shown is a URL, or a text with URLs, without users, passwords and parameters.
func Shown(text string) string {
	return query.ReplaceAllString(userinfo.ReplaceAllString(text, "$1"), "$1")
}
