package reconcile

import (
	"net/url"
	"regexp"
	"strings"
)

// passwordWord is a password in a list of words, as databases take it: password=…
var passwordWord = regexp.MustCompile(`(?i)(^|[\s?&;])(password|passwd|pwd)\s*=\s*[^\s&;]`)

// holdsCredentials reports whether a value that is written into the configuration
// holds a password or a token.
func holdsCredentials(value string) bool {
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

// credentialsRemedy says where the credentials of a backend belong.
func credentialsRemedy(label string) string {
	const why = "Whoever reads this file, now or in its history, can use them: have them replaced. "
	switch label {
	case "git":
		return why + "Credentials come from git itself: configure a credential helper, or an ssh key."
	case "s3":
		return why + "Credentials come from the environment, as for the AWS tools: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or a role."
	}
	return why + "Write url = env.GDF_DATABASE_URL, or leave the password to PGPASSWORD or a password file."
}
