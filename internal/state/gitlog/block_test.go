package gitlog

import (
	"os"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func TestBlocksThatCannotBe(t *testing.T) {
	for _, test := range []struct{ attribute, value string }{
		{"name", ""},
		{"name", "a/b"},
		{"name", "Main"},
		{"name", "a.lock"},
		{"name", "-a"},
		{"name", strings.Repeat("a", 65)},
		{"remote", ""},
		{"remote", "--upload-pack=x"},
		{"remote", "ext::sh -c x"},
		{"remote", "ext::x"},
		{"remote", "http://example.com/x.git"},
		{"remote", "git://example.com/x.git"},
		{"remote", "ftp://example.com/x.git"},
		{"remote", "a\nb"},
		{"remote", "fd::17"},
		{"public", "yes"},
		{"public", ""},
	} {
		_, mistake := Configured(sharedlog.Block{Attributes: map[string]string{test.attribute: test.value}, Log: sharedlog.State})
		if mistake == nil || mistake.Attribute != test.attribute || mistake.Detail == "" {
			t.Errorf("%s = %q: %+v", test.attribute, test.value, mistake)
		}
	}
	dir := t.TempDir()
	p, mistake := Configured(sharedlog.Block{Dir: dir, Attributes: map[string]string{"remote": "https://ann:t0ken@example.com/shop.git?private_token=t0ken"}, Log: sharedlog.Plans})
	if mistake != nil {
		t.Fatal(mistake)
	}
	if p.String() != "branch gdfctl-plans/main of https://example.com/shop.git" {
		t.Error(p)
	}
	if made, _ := os.ReadDir(dir); len(made) > 0 {
		t.Errorf("%s was made", made[0])
	}
}
