package starter

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPipelinesAreMadeForTheirRepository(t *testing.T) {
	written := func(p Pipeline, forge string) map[string]string {
		files, err := p.Files(forge)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, f := range files {
			all[f.Name] = string(f.Content)
		}
		return all
	}
	for name, test := range map[string]struct {
		p          Pipeline
		has, hasNo []string
	}{
		"as it is": {Pipeline{}, []string{"  CONFIGURATION: . #", "branches: [main]", "gdfctl/gdfctl@v1\n"}, nil},
		"filled in": {
			Pipeline{"orders/shop", "trunk", "1.4.2"},
			[]string{"  CONFIGURATION: orders/shop #", "branches: [trunk]", "github.ref == 'refs/heads/trunk'", "gdfctl/gdfctl@v1.4.2\n"},
			[]string{"[main]", "refs/heads/main", "@v1\n", "CONFIGURATION: ."},
		},
		"hostile": {
			Pipeline{"my shop: \"x\"", "a']; echo", ""},
			[]string{`  CONFIGURATION: "my shop: \"x\"" #`, "branches: [main]"},
			[]string{"echo\n"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := ""
			for _, text := range written(test.p, "github") {
				all += text
			}
			for _, want := range test.has {
				if !strings.Contains(all, want) {
					t.Errorf("no %q", want)
				}
			}
			for _, not := range test.hasNo {
				if strings.Contains(all, not) {
					t.Errorf("there is %q", not)
				}
			}
		})
	}
	gitlab := written(Pipeline{Configuration: "shop", Release: "1.4.2"}, "gitlab")
	if diff := cmp.Diff("include:\n  - "+GitLabInclude+"\n", gitlab[GitLabRoot]); diff != "" {
		t.Error(diff)
	}
	if jobs := gitlab[gitLabJobs]; !strings.Contains(jobs, "CONFIGURATION: shop #") || !strings.Contains(jobs, `GDFCTL_VERSION: "1.4.2"`) {
		t.Error(jobs)
	}
	if len(gitlab) != 2 {
		t.Errorf("%d files for GitLab", len(gitlab))
	}
}

// Both CI systems replace what begins with a dollar sign in a pipeline, by secrets too.
func TestNoDirectoryNamesAVariable(t *testing.T) {
	for _, forge := range Forges {
		for _, dir := range []string{"a ${{ toJSON(secrets) }}", "shop/$GDF_CONSUMER_KEY", "${X}"} {
			files, err := Pipeline{Configuration: dir}.Files(forge)
			if err == nil || !strings.Contains(err.Error(), "rename the directory") || len(files) > 0 {
				t.Errorf("%s, %s: %v", forge, dir, err)
			}
		}
	}
}
