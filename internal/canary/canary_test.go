package canary

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/gdfctl/gdfctl/internal/sandbox"
)

func TestFindSeesASecretInEveryForm(t *testing.T) {
	const secret = "K3y/with+odd=chars"
	for _, text := range []string{
		secret, "GET /v1/" + url.PathEscape(secret) + "/Orders", "q=" + url.QueryEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("a" + secret + "b")),
		base64.URLEncoding.EncodeToString([]byte("ab" + secret + "c")),
		"token " + sandbox.TokenMark + "XYZ", "to " + sandbox.BuyerMarks()[0],
	} {
		if Find(text, secret) == "" {
			t.Errorf("nothing found in %q", text)
		}
	}
	if what := Find("Amazon 112-1234567-1234567 shipped", secret); what != "" {
		t.Errorf("found %s where nothing is", what)
	}
}

func TestFindInFilesLooksAtNamesToo(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a."+sandbox.TokenMark)
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if what, err := FindInFiles(dir, func(string) bool { return false }); what == "" || err != nil {
		t.Errorf("found %q, %v", what, err)
	}
	if what, err := FindInFiles(dir, func(string) bool { return true }); what != "" || err != nil {
		t.Errorf("skipped, and found %q, %v", what, err)
	}
}
