package deploy

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What all ways to start an agent have in common.
const (
	machineFile = "/etc/gdfctl/agent.hcl"
	home        = "/var/lib/gdfctl"
	user        = 65532
)

var (
	agentArgs   = []string{"agent", "--config", machineFile, "--log", "json", "--metrics-listen", "0.0.0.0:9180"}
	migrateArgs = []string{"agent", "migrate", "--config", machineFile}
)

// The image for agents has git, ssh and certificates, runs as a user with a name, and
// starts an agent. The last stage, which is built without a target, is another one.
func TestDockerfile(t *testing.T) {
	text := read(t, "../Dockerfile")
	stages := map[string]string{}
	var last string
	for _, stage := range regexp.MustCompile(`(?m)^FROM .*$`).FindAllStringIndex(text, -1) {
		body := text[stage[0]:]
		if next := strings.Index(body[1:], "\nFROM "); next >= 0 {
			body = body[:next+1]
		}
		first, _, _ := strings.Cut(body, "\n")
		last = first[strings.LastIndex(first, " ")+1:]
		stages[last] = body
	}
	if last != "static" {
		t.Errorf("docker build without a target builds %s", last)
	}
	for stage, wants := range map[string][]string{
		"git": {"ca-certificates git openssh-client", "useradd --uid 65532", `ENTRYPOINT ["/usr/local/bin/gdfctl"]`, "USER 65532:65532"},
		"agent": {
			"FROM git AS agent", "install -d -o 65532 -g 65532 -m 700 " + home, "VOLUME " + home, "EXPOSE 9180",
			`CMD ["` + strings.Join(agentArgs, `", "`) + `"]`,
		},
	} {
		for _, want := range wants {
			if !strings.Contains(stages[stage], want) {
				t.Errorf("stage %s has no %s", stage, want)
			}
		}
		if users := regexp.MustCompile(`(?m)^USER (.*)$`).FindAllStringSubmatch(stages[stage], -1); len(users) == 0 || users[len(users)-1][1] != "65532:65532" {
			t.Errorf("stage %s runs as %v", stage, users)
		}
	}
	if !strings.Contains(read(t, "../.github/workflows/release.yml"), "for target in static git agent; do") {
		t.Error("the image for agents is not released")
	}
}

type mount struct{ Type, Source, Target string }

type service struct {
	Image, Restart  string
	Command, Tmpfs  []string
	Environment     map[string]string
	ReadOnly        bool   `json:"read_only"`
	StopGracePeriod string `json:"stop_grace_period"`
	Healthcheck     *struct{ Test []string }
	Secrets         []mount
	Configs         []mount
	Volumes         []mount
	DependsOn       map[string]struct{ Condition string } `json:"depends_on"`
}

type file struct{ File string }

func TestCompose(t *testing.T) {
	project := decoded[struct {
		Services         map[string]service
		Secrets, Configs map[string]file
		Volumes          map[string]any
	}](t, "", "compose", "compose/compose.yaml")
	paths := map[string]bool{}
	for name, s := range project.Services {
		for _, secret := range s.Secrets {
			paths[secret.Target] = true
			if f := project.Secrets[secret.Source].File; !strings.Contains(f, "/secrets/") {
				t.Errorf("%s: the secret %s is in %q, which git may take", name, secret.Source, f)
			}
		}
		for variable, value := range s.Environment {
			if regexp.MustCompile(`(?i)password=|:[^/@]+@|KEY$`).MatchString(variable + "=" + value) {
				t.Errorf("%s has a secret in %s, which every user of the machine's Docker sees", name, variable)
			}
			for _, path := range regexp.MustCompile(`/run/secrets/\w+`).FindAllString(value, -1) {
				if !slices.ContainsFunc(s.Secrets, func(m mount) bool { return m.Target == path || "/run/secrets/"+m.Target == path }) {
					t.Errorf("%s: %s names %s, which it is not given", name, variable, path)
				}
			}
		}
		if name == "postgres" {
			continue
		}
		if !s.ReadOnly || s.StopGracePeriod != "30s" || !strings.HasSuffix(s.Image, "-agent") || len(s.Configs) != 1 || s.Configs[0].Target != machineFile {
			t.Errorf("%s: %+v", name, s)
		}
	}
	for _, env := range regexp.MustCompile(`env_file\s*=\s*"([^"]+)"`).FindAllStringSubmatch(read(t, "agent.hcl"), -1) {
		if !paths[env[1]] {
			t.Errorf("agent.hcl names %s, which compose.yaml does not mount", env[1])
		}
	}
	if p := project.Services["postgres"]; p.Healthcheck == nil || !slices.Contains(p.Healthcheck.Test, "pg_isready") || len(p.Volumes) != 1 {
		t.Errorf("postgres: %+v", p)
	}
	m := project.Services["migrate"]
	if !slices.Equal(m.Command, migrateArgs) || m.Restart != "no" || m.DependsOn["postgres"].Condition != "service_healthy" {
		t.Errorf("migrate: %+v", m)
	}
	seen := map[string]bool{}
	for _, name := range []string{"agent-1", "agent-2"} {
		a := project.Services[name]
		if a.Command != nil || a.DependsOn["migrate"].Condition != "service_completed_successfully" || len(a.Volumes) != 1 || a.Volumes[0].Target != home || seen[a.Volumes[0].Source] {
			t.Errorf("%s: %+v", name, a)
			continue
		}
		seen[a.Volumes[0].Source] = true
	}
	for what, wrong := range map[string][2]string{
		"a key that is misspelt":    {"stop_grace_period: 30s", "stop_grace: 30s"},
		"a service that is unknown": {"postgres: {condition", "postgresql: {condition"},
		"a secret that is unknown":  {"    - deploy_key\n", "    - deploykey\n"},
	} {
		if out := refused(t, "compose", altered(t, "compose/compose.yaml", wrong[0], wrong[1])); out == "" {
			t.Errorf("%s: nothing is said", what)
		}
	}
}
