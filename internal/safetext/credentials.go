package safetext

import (
	"net/url"
	"regexp"
	"strings"
)

// passwordWord is a password in a list of words, as databases take it: password=…
var passwordWord = regexp.MustCompile(`(?i)(^|[\s?&;])(password|passwd|pwd)\s*=\s*[^\s&;]`)

// HoldsCredentials reports whether a value that is written into a configuration or a
// machine's file holds a password or a token.
func HoldsCredentials(value string) bool {
	if passwordWord.MatchString(value) {
		return true
	}
	scheme, _, ok := strings.Cut(value, "://")
	if !ok {
		return false
	}
	u, err := url.Parse(value)
	if err != nil { // what can't be parsed may still be read by others
		authority, _, _ := strings.Cut(value[len(scheme)+len("://"):], "/")
		user, _, named := strings.Cut(authority, "@")
		return named && strings.Contains(user, ":")
	}
	_, password := u.User.Password()
	return password || u.User != nil && strings.HasPrefix(strings.ToLower(scheme), "http") // a token stands for a user
}
