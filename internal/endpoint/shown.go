package endpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
)

// Shown is the part of an endpoint that outputs show: scheme, host and port. An
// endpoint can come from any variable of the environment, and a path can hold a
// secret, as a webhook's does. What is not an address is not repeated either,
// except for the name of a built-in endpoint.
func Shown(endpoint string) string {
	if endpoint == Sandbox || endpoint == "" {
		return endpoint
	}
	u, err := url.Parse(strings.TrimSpace(endpoint))
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "(not an address)"
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// Hash distinguishes endpoints where only Shown may be written.
func Hash(endpoint string) string {
	sum := sha256.Sum256([]byte(endpoint))
	return hex.EncodeToString(sum[:])
}
