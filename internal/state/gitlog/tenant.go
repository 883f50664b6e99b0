package gitlog

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// ofMachine are variables of this process that a tenant gets too: where programs and
// certificates are, and how the network is reached. None is a credential of a repository.
var ofMachine = []string{
	"PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "TMPDIR", "TEMP", "TMP",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
}

// environment is that of git's commands. A tenant has the variables that were made for it,
// and nothing of what the machine itself logs in with: no file of settings, no keys of ssh,
// and no agent that holds some. If git is to use a key, its variables name it.
func environment(b sharedlog.Block) []string {
	if b.Environ == nil {
		return os.Environ()
	}
	var env []string
	for _, name := range ofMachine {
		if value, there := os.LookupEnv(name); there && b.Variable(name) == "" {
			env = append(env, name+"="+value)
		}
	}
	defaults := map[string]string{
		"HOME": b.Dir, "XDG_CONFIG_HOME": b.Dir, "USERPROFILE": b.Dir, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CEILING_DIRECTORIES": filepath.Dir(b.Dir),
		"GIT_SSH_COMMAND": "ssh -F none -o IdentitiesOnly=yes -o IdentityFile=none -o IdentityAgent=none",
	}
	if b.Variable("GIT_SSH") != "" {
		delete(defaults, "GIT_SSH_COMMAND")
	}
	for name, value := range defaults {
		if b.Variable(name) == "" {
			env = append(env, name+"="+value)
		}
	}
	for _, variable := range b.Environ {
		if name, _, _ := strings.Cut(variable, "="); !strings.HasPrefix(name, "GDF_") {
			env = append(env, variable)
		}
	}
	return env
}
