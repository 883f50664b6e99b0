package deploy

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Datasource               *struct{ Type, UID string }
	FieldConfig              struct{ Defaults struct{ Unit string } }
	Targets                  []struct {
		Expr, LegendFormat, RefID string
		Datasource                struct{ UID string }
	}
}

type dashboard struct {
	UID, Title    string
	SchemaVersion int
	Templating    struct {
		List []struct{ Name, Type, Definition string }
	}
	Panels []panel
}

func readDashboard(t *testing.T) (d dashboard) {
	t.Helper()
	if err := json.Unmarshal([]byte(read(t, "grafana/gdfctl.json")), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// asked are the expressions of the dashboard, with a value for each of its variables.
func (d dashboard) asked() (all []string) {
	values := strings.NewReplacer("$workspace", ".*", "$__rate_interval", "5m")
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, values.Replace(target.Expr))
		}
	}
	return all
}

// The dashboard can be imported anywhere: what it needs of a Grafana is a data source to
// choose. Nobody has to guess what a panel shows.
func TestDashboard(t *testing.T) {
	d := readDashboard(t)
	if d.UID == "" || d.Title == "" || d.SchemaVersion < 36 {
		t.Errorf("uid %q, title %q, schema %d", d.UID, d.Title, d.SchemaVersion)
	}
	variables := map[string]string{}
	for _, v := range d.Templating.List {
		variables[v.Name] = v.Type
	}
	if variables["datasource"] != "datasource" || variables["workspace"] != "query" {
		t.Errorf("variables: %v", variables)
	}
	ids, placed := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if p.ID == 0 || ids[p.ID] {
			t.Errorf("%s: the id %d is not its own", p.Title, p.ID)
		}
		ids[p.ID] = true
		if p.GridPos.W < 1 || p.GridPos.H < 1 || p.GridPos.X < 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("%s is not within the 24 columns: %+v", p.Title, p.GridPos)
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other, taken := placed[[2]int{x, y}]; taken {
					t.Fatalf("%s lies upon %s", p.Title, other)
				}
				placed[[2]int{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			continue
		}
		if p.Title == "" || p.Description == "" || p.FieldConfig.Defaults.Unit == "" || len(p.Targets) == 0 {
			t.Errorf("panel %d, %q: unit %q, description %q, %d targets", p.ID, p.Title, p.FieldConfig.Defaults.Unit, p.Description, len(p.Targets))
		}
		if p.Datasource == nil || p.Datasource.Type != "prometheus" || p.Datasource.UID != "${datasource}" {
			t.Errorf("%s asks a data source of its own: %+v", p.Title, p.Datasource)
		}
		refs := map[string]bool{}
		for _, target := range p.Targets {
			if target.RefID == "" || refs[target.RefID] || target.Datasource.UID != "${datasource}" {
				t.Errorf("%s: target %q of %q", p.Title, target.RefID, target.Datasource.UID)
			}
			refs[target.RefID] = true
		}
	}
	for _, e := range expressions(t, d.asked()) {
		if e.Error != "" {
			t.Error(e.Error)
		}
	}
	for _, v := range regexp.MustCompile(`\$(?:\{)?([a-z_]+)`).FindAllStringSubmatch(strings.Join(func() (all []string) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				all = append(all, target.Expr)
			}
		}
		return all
	}(), "\n"), -1) {
		if v[1] != "__rate_interval" && variables[v[1]] == "" {
			t.Errorf("$%s is not a variable of the dashboard", v[1])
		}
	}
}
