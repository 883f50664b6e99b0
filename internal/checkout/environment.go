package checkout

import (
	"os"
	"slices"
	"strings"
)

// kept are the variables of git that are passed on: those that say how a server
// is reached, and where the user's configuration is. All others would send a
// command to another repository, or make it print what it sends: gdfctl can be
// started by a hook, whose variables are about the hook's repository.
var kept = []string{
	"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
	"GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH",
	"GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM",
}

// Environment is what every run of git gets of the caller's environment: texts are
// in English, and there is nobody to ask. configured says that settings in it count too.
func Environment(caller []string, configured bool) []string {
	var env []string
	for _, variable := range caller {
		name, _, _ := strings.Cut(variable, "=")
		upper := strings.ToUpper(name)
		if !strings.HasPrefix(upper, "GIT_") || configured && strings.HasPrefix(upper, "GIT_CONFIG") || isKept(upper) {
			env = append(env, variable)
		}
	}
	return append(env,
		"LC_ALL=C", "LANGUAGE=", "GIT_TERMINAL_PROMPT=0", "SSH_ASKPASS=", "GCM_INTERACTIVE=never", "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat")
}

func isKept(name string) bool {
	return slices.Contains(kept, name) || strings.HasPrefix(name, "GIT_SSL_") || strings.HasPrefix(name, "GIT_HTTP_")
}

// Cautious are options of git, in front of a command, by which nothing is run that a
// repository brings. A folder that was committed can look like a bare repository, whose
// configuration names programs: only one that people made counts.
func Cautious() []string {
	return []string{"-c", "core.hooksPath=" + os.DevNull, "-c", "core.fsmonitor=false", "-c", "safe.bareRepository=explicit"}
}
