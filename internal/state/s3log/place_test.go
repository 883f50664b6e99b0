package s3log

import (
	"maps"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func TestConfigured(t *testing.T) {
	for name, c := range map[string]struct {
		attributes map[string]string
		log        sharedlog.Log
		want       string // what the place is called
		mistake    string // the attribute that it is about
	}{
		"the least":              {map[string]string{}, sharedlog.State, "s3://our-state/gdfctl-state/main", ""},
		"all":                    {map[string]string{"prefix": "shop/main", "region": "eu-central-1", "endpoint": "https://s3.example.org/"}, sharedlog.State, "s3://our-state/shop/main at https://s3.example.org", ""},
		"published plans":        {map[string]string{"prefix": "shop/main"}, sharedlog.Plans, "s3://our-state/shop/main/plans", ""},
		"this machine":           {map[string]string{"endpoint": "http://localhost:9000"}, sharedlog.State, "s3://our-state/gdfctl-state/main at http://localhost:9000", ""},
		"no bucket":              {map[string]string{"bucket": ""}, sharedlog.State, "", "bucket"},
		"an address of a bucket": {map[string]string{"bucket": "s3://our-state"}, sharedlog.State, "", "bucket"},
		"a bucket with a path":   {map[string]string{"bucket": "our-state/shop"}, sharedlog.State, "", "bucket"},
		"no prefix":              {map[string]string{"prefix": ""}, sharedlog.State, "", "prefix"},
		"a prefix that climbs":   {map[string]string{"prefix": "shop/../other"}, sharedlog.State, "", "prefix"},
		"a slash first":          {map[string]string{"prefix": "/shop"}, sharedlog.State, "", "prefix"},
		"a slash last":           {map[string]string{"prefix": "shop/"}, sharedlog.State, "", "prefix"},
		"a prefix with a query":  {map[string]string{"prefix": "shop?x=1"}, sharedlog.State, "", "prefix"},
		"a region with letters":  {map[string]string{"region": "Frankfurt (EU)"}, sharedlog.State, "", "region"},
		"plain http":             {map[string]string{"endpoint": "http://s3.example.org"}, sharedlog.State, "", "endpoint"},
		"a password":             {map[string]string{"endpoint": "https://key:" + canary + "@s3.example.org"}, sharedlog.State, "", "endpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			attributes := map[string]string{"bucket": "our-state"}
			maps.Copy(attributes, c.attributes)
			p, mistake := Configured(sharedlog.Block{Log: c.log, Attributes: attributes})
			switch {
			case mistake != nil && mistake.Attribute != c.mistake, mistake == nil && c.mistake != "":
				t.Fatalf("mistake %+v, expected one about %q", mistake, c.mistake)
			case mistake != nil && (strings.Contains(mistake.Detail, canary) || mistake.Summary == "" || mistake.Detail == ""):
				t.Errorf("mistake %+v", mistake)
			case mistake == nil && p.String() != c.want:
				t.Errorf("the place is called %s, expected %s", p, c.want)
			}
		})
	}
}

// What people pay for.
func TestRequestsThatAreMade(t *testing.T) {
	b := bucket(t)
	g, through := behindGate(t, b)
	p, other := open(t, through), open(t, b)
	end := begun(t, p, 3)
	want := func(what string, puts, gets, lists int) {
		t.Helper()
		if p, g2, l := len(g.requests("PUT", "")), len(g.requests("GET", "")), len(g.requests("LIST", "")); p != puts || g2 != gets || l != lists {
			t.Errorf("%s: %d PUT, %d GET, %d LIST, expected %d, %d, %d", what, p, g2, l, puts, gets, lists)
		}
		g.set(nil)
	}
	g.set(nil)
	end = add(t, p, end, "next")
	want("an append", 1, 1, 1)
	for range 2 {
		for _, after := range []int64{end.N - 1, end.N} { // with the last record, to see that it is the same
			if _, err := p.Read(t.Context(), after); err != nil {
				t.Fatal(err)
			}
			want("looking for more", 0, 0, 1)
		}
	}
	end = add(t, other, add(t, other, end, "other"), "other")
	wantLog(t, p, end.N-2, mustRead(t, p, end.N-2).Position(), end)
	want("two more records, read twice", 0, 3, 5)
	end = add(t, p, end, "behind what was read")
	want("an append behind another's", 1, 1, 1)
	_ = end
}
