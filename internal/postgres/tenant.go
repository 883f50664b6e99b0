package postgres

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
)

// A setting is one that the driver takes from the environment of this process, or from
// files of its user, where a url does not have it.
type setting struct {
	variable, key string
	without       string // what keeps the process's away where a tenant has none
	always        bool   // the process has one also without the variable
}

var outsideSettings = []setting{
	{variable: "PGHOST", key: "host"},
	{variable: "PGUSER", key: "user"},
	{variable: "PGPORT", key: "port", without: "5432"},
	{variable: "PGDATABASE", key: "dbname"},
	{variable: "PGPASSWORD", key: "password"},
	{variable: "PGPASSFILE", key: "passfile", without: os.DevNull, always: true},
	{variable: "PGSSLCERT", key: "sslcert", always: true},
	{variable: "PGSSLKEY", key: "sslkey", always: true},
	{variable: "PGSSLROOTCERT", key: "sslrootcert", always: true},
	{variable: "PGSSLPASSWORD", key: "sslpassword"},
	{variable: "PGSSLMODE", key: "sslmode", without: "prefer"},
	{variable: "PGSSLCERTMODE", key: "sslcertmode", without: "allow"},
	{variable: "PGSSLSNI", key: "sslsni", without: "1"},
	{variable: "PGSSLNEGOTIATION", key: "sslnegotiation", without: "postgres"},
	{variable: "PGAPPNAME", key: "application_name", without: "gdfctl"},
	{variable: "PGCONNECT_TIMEOUT", key: "connect_timeout", without: "15"},
	{variable: "PGTARGETSESSIONATTRS", key: "target_session_attrs", without: "any"},
	{variable: "PGTZ", key: "timezone", without: "UTC"},
	{variable: "PGOPTIONS", key: "options"},
	{variable: "PGMINPROTOCOLVERSION", key: "min_protocol_version", without: "3.0"},
	{variable: "PGMAXPROTOCOLVERSION", key: "max_protocol_version", without: "3.0"},
	{variable: "PGCHANNELBINDING", key: "channel_binding", without: "prefer"},
	{variable: "PGREQUIREAUTH", key: "require_auth"},
}

// needed are the settings without which those of the process would count.
var needed = []string{"host", "user"}

// ofTenant is a url with all that the driver would otherwise take from this process, whose
// password is not for the server that a tenant names. variable has the tenant's own.
func ofTenant(address string, variable func(string) string) (string, error) {
	// No value would keep away the process's: an empty name is one of a service too.
	if os.Getenv("PGSERVICE") != "" {
		return "", incompleteError("PGSERVICE is set for the agent itself, and would choose the server of its workspaces too")
	}
	if variable("PGSERVICE") != "" {
		return "", incompleteError("PGSERVICE does not work in an env_file")
	}
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql") {
		return inURL(u, variable)
	}
	var before strings.Builder
	for _, s := range outsideSettings {
		value, set := s.of(variable)
		if !set && slices.Contains(needed, s.key) && !hasWord(address, s.key) {
			return "", missing(s)
		}
		if set || s.ofProcess() {
			fmt.Fprintf(&before, "%s='%s' ", s.key, strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value))
		}
	}
	return before.String() + address, nil // of a word that comes twice, the last one counts
}

// inURL adds what a url does not say itself.
func inURL(u *url.URL, variable func(string) string) (string, error) {
	said := u.Query()
	_, password := u.User.Password()
	inside := map[string]bool{
		"host": u.Hostname() != "", "port": u.Port() != "", "user": u.User.Username() != "", "password": password,
		"dbname": strings.Trim(u.Path, "/") != "" || said.Has("database"),
	}
	for _, s := range outsideSettings {
		if inside[s.key] || said.Has(s.key) {
			continue
		}
		value, set := s.of(variable)
		if !set && slices.Contains(needed, s.key) {
			return "", missing(s)
		}
		if set || s.ofProcess() {
			said.Set(s.key, value)
		}
	}
	whole := *u
	whole.RawQuery = said.Encode()
	return whole.String(), nil
}

// of is the tenant's value, or what keeps away that of the process.
func (s setting) of(variable func(string) string) (value string, set bool) {
	if value = variable(s.variable); value != "" {
		return value, true
	}
	return s.without, false
}

// ofProcess reports whether the process has a value that must be kept away.
func (s setting) ofProcess() bool { return s.always || os.Getenv(s.variable) != "" }

// hasWord reports whether a list of words has a key.
func hasWord(address, key string) bool {
	return slices.ContainsFunc(strings.Fields(address), func(word string) bool { return strings.HasPrefix(word, key+"=") })
}

func missing(s setting) error {
	return incompleteError(fmt.Sprintf("it has no %s, and the workspace's env_file has no %s", s.key, s.variable))
}

// incompleteError is a url that a tenant has to complete.
type incompleteError string

func (e incompleteError) Error() string { return string(e) }
