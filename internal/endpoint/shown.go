package endpoint

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
)

// Shown is what of an endpoint stands in outputs: scheme, host and port. An
// endpoint can come from any variable of the environment, and a path can hold a
// secret, as a webhook's does. What is no address is not repeated either, the
// name of a built-in endpoint aside.
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

// Hash tells two endpoints apart where Shown is all that may stand.
func Hash(endpoint string) string {
	sum := sha256.Sum256([]byte(endpoint))
	return hex.EncodeToString(sum[:])
}
