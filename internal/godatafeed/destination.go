package godatafeed

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Destination checks the address of something other than the API that gdfctl
// is to send to, such as a webhook: https, or plain http to this machine, and
// always a host of GDF_ALLOWED_HOSTS, whatever the configuration names. Its
// errors hold no more of the address than the host: the rest may be a secret.
func Destination(raw string, env func(string) string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil, u.Opaque != "", u.Hostname() == "":
		return nil, errors.New("it is not an address like https://hooks.example.com/path")
	case u.User != nil:
		return nil, errors.New("the address holds a user name or password, which can't be sent")
	case u.Fragment != "":
		return nil, errors.New("the address has a fragment, which can't be sent")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("the address must begin with https://")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("the address is unencrypted: plain http is for loopback only")
	}
	where := endpoint{scheme: u.Scheme, host: strings.ToLower(u.Host)}
	if !where.listed(env(EnvAllowedHosts)) {
		return nil, fmt.Errorf("nothing is sent to %q: if that host is meant to have it, add it to %s", where.host, EnvAllowedHosts)
	}
	return u, nil
}
