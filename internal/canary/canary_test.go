package canary

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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

func TestFindTracesSeesPieces(t *testing.T) {
	const secret = "Qz7wXk4pJv9mHt2nBd6r"
	for _, text := range []string{
		secret, "x-" + secret[3:9] + "-y", strings.ToUpper(secret), strings.ToLower(secret[10:]), "r6dBn2tH", base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("ab" + secret[2:])), base64.URLEncoding.EncodeToString([]byte(strings.ToUpper(secret))),
		hex.EncodeToString([]byte(secret[:7])), strings.ToUpper(hex.EncodeToString([]byte(secret[5:12]))), "%51%7a%37%77%58%6B",
	} {
		if FindTraces(text, secret) == "" {
			t.Errorf("nothing found in %q", text)
		}
	}
	for _, text := range []string{"", "Qz7wX", "Amazon 112-1234567-1234567", strings.Repeat("0123456789abcdef", 8)} {
		if what := FindTraces(text, secret); what != "" {
			t.Errorf("found %s in %q", what, text)
		}
	}
}
