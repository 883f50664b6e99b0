package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

type selector struct{ MatchLabels map[string]string }

type pod struct {
	RestartPolicy                 string
	TerminationGracePeriodSeconds int
	AutomountServiceAccountToken  *bool
	SecurityContext               struct {
		RunAsNonRoot                   bool
		RunAsUser, RunAsGroup, FSGroup int
		SeccompProfile                 struct{ Type string }
	}
	Containers []struct {
		Name, Image string
		Args        []string
		Env         []struct {
			Name, Value string
			ValueFrom   struct{ SecretKeyRef *struct{ Name, Key string } }
		}
		Ports []struct {
			Name          string
			ContainerPort int
		}
		LivenessProbe, ReadinessProbe *struct{ HTTPGet struct{ Path, Port string } }
		SecurityContext               struct {
			AllowPrivilegeEscalation *bool
			ReadOnlyRootFilesystem   bool
			Capabilities             struct{ Drop []string }
		}
		Resources    struct{ Requests, Limits map[string]string }
		VolumeMounts []struct{ Name, MountPath string }
	}
	Volumes []struct {
		Name      string
		Projected *struct {
			Sources []struct {
				ConfigMap *struct{ Name string }
				Secret    *struct {
					Name  string
					Items []struct{ Key, Path string }
				}
			}
		}
	}
}

type object struct {
	Kind     string
	Metadata struct {
		Name, Namespace string
		Labels          map[string]string
	}
	Data map[string]string
	Spec struct {
		Replicas    int
		Selector    selector
		PodSelector selector
		Template    struct {
			Metadata struct{ Labels map[string]string }
			Spec     pod
		}
		MinAvailable int
	}
}

func TestKubernetes(t *testing.T) {
	const path = "kubernetes/kubernetes.yaml"
	byKind := map[string]object{}
	for _, o := range decoded[[]object](t, "", "kubernetes", path) {
		if _, twice := byKind[o.Kind]; twice {
			t.Errorf("%s stands there twice", o.Kind)
		}
		if o.Kind != "Namespace" && o.Metadata.Namespace != "gdfctl" {
			t.Errorf("%s %s is in the namespace %q", o.Kind, o.Metadata.Name, o.Metadata.Namespace)
		}
		byKind[o.Kind] = o
	}
	if kinds := slices.Sorted(maps.Keys(byKind)); !slices.Equal(kinds, []string{"ConfigMap", "Deployment", "Job", "Namespace", "NetworkPolicy", "PodDisruptionBudget"}) {
		t.Errorf("kinds: %q", kinds)
	}
	if level := byKind["Namespace"].Metadata.Labels["pod-security.kubernetes.io/enforce"]; level != "restricted" {
		t.Errorf("the namespace lets pods be %q", level)
	}
	if got := byKind["ConfigMap"].Data["agent.hcl"]; got != read(t, "agent.hcl") {
		t.Errorf("the ConfigMap has another agent.hcl:\n%s", got)
	}
	deployment := byKind["Deployment"].Spec
	for kind, s := range map[string]selector{"Deployment": deployment.Selector, "PodDisruptionBudget": byKind["PodDisruptionBudget"].Spec.Selector, "NetworkPolicy": byKind["NetworkPolicy"].Spec.PodSelector} {
		for key, value := range s.MatchLabels {
			if deployment.Template.Metadata.Labels[key] != value {
				t.Errorf("%s selects %s=%s, which agents don't have", kind, key, value)
			}
		}
		if kind != "NetworkPolicy" && maps.Equal(s.MatchLabels, byKind["Job"].Spec.Template.Metadata.Labels) || len(s.MatchLabels) == 0 {
			t.Errorf("%s selects the job too: %v", kind, s.MatchLabels)
		}
	}
	if deployment.Replicas != 2 || byKind["PodDisruptionBudget"].Spec.MinAvailable != 1 {
		t.Errorf("%d agents, of which %d must be there", deployment.Replicas, byKind["PodDisruptionBudget"].Spec.MinAvailable)
	}
	for kind, args := range map[string][]string{"Deployment": agentArgs, "Job": migrateArgs} {
		p := byKind[kind].Spec.Template.Spec
		restricted(t, kind, p)
		if !slices.Equal(p.Containers[0].Args, args) {
			t.Errorf("%s runs %q, want %q", kind, p.Containers[0].Args, args)
		}
	}
	p := deployment.Template.Spec
	c := p.Containers[0]
	if p.TerminationGracePeriodSeconds != 30 || c.LivenessProbe == nil || c.LivenessProbe.HTTPGet.Path != "/healthz" || c.ReadinessProbe == nil || c.ReadinessProbe.HTTPGet.Path != "/readyz" {
		t.Errorf("%d s to stop, probes %+v and %+v", p.TerminationGracePeriodSeconds, c.LivenessProbe, c.ReadinessProbe)
	}
	if len(c.Ports) != 1 || c.Ports[0].Name != "metrics" || c.Ports[0].ContainerPort != 9180 {
		t.Errorf("ports: %+v", c.Ports)
	}
	for what, wrong := range map[string][2]string{
		"an attribute that is misspelt": {"terminationGracePeriodSeconds", "terminationGracePeriod"},
		"one of another type":           {"replicas: 2", "replicas: two"},
		"one that stands there twice":   {"  replicas: 2\n", "  replicas: 2\n  replicas: 3\n"},
		"a kind that is unknown":        {"kind: Deployment", "kind: Deploymnt"},
	} {
		if out := refused(t, "kubernetes", altered(t, path, wrong[0], wrong[1])); !strings.Contains(out, "document ") {
			t.Errorf("%s: %s", what, out)
		}
	}
}

// restricted checks what the pod security standard of that name wants, and that each
// volume, and each file that agent.hcl names, is there.
func restricted(t *testing.T, kind string, p pod) {
	t.Helper()
	if len(p.Containers) != 1 {
		t.Fatalf("%s has %d containers", kind, len(p.Containers))
	}
	c, s := p.Containers[0], p.SecurityContext
	if !s.RunAsNonRoot || s.RunAsUser != user || s.RunAsGroup != user || s.FSGroup != user || s.SeccompProfile.Type != "RuntimeDefault" ||
		c.SecurityContext.AllowPrivilegeEscalation == nil || *c.SecurityContext.AllowPrivilegeEscalation || !c.SecurityContext.ReadOnlyRootFilesystem ||
		!slices.Equal(c.SecurityContext.Capabilities.Drop, []string{"ALL"}) || p.AutomountServiceAccountToken == nil || *p.AutomountServiceAccountToken {
		t.Errorf("%s may do more than it must: %+v %+v", kind, s, c.SecurityContext)
	}
	if c.Resources.Requests["cpu"] == "" || c.Resources.Requests["memory"] == "" || c.Resources.Limits["memory"] == "" {
		t.Errorf("%s: resources %v", kind, c.Resources)
	}
	files := map[string]bool{}
	var volumes, mounts []string
	for _, v := range p.Volumes {
		volumes = append(volumes, v.Name)
		if v.Projected == nil {
			continue
		}
		for _, source := range v.Projected.Sources {
			if source.ConfigMap != nil {
				files[source.ConfigMap.Name] = true
			}
			if source.Secret != nil {
				for _, item := range source.Secret.Items {
					files["/etc/gdfctl/"+item.Path] = true
				}
			}
		}
	}
	for _, m := range c.VolumeMounts {
		mounts = append(mounts, m.Name)
	}
	slices.Sort(volumes)
	slices.Sort(mounts)
	if !slices.Equal(volumes, mounts) {
		t.Errorf("%s has the volumes %q, and mounts %q", kind, volumes, mounts)
	}
	for _, w := range workspacesOf(t, "agent.hcl") {
		if !files["gdfctl-agent"] || !files[w.EnvFile] {
			t.Errorf("%s has no %s for the workspace %s: %v", kind, w.EnvFile, w.Name, fmt.Sprint(files))
		}
	}
}
