package webfile_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/gdfctl/gdfctl/internal/webfile"
)

// folder has a web configuration file and what it names.
type folder struct {
	*testing.T
	dir string
}

func (f folder) write(name, text string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
}

// certificate writes a certificate for this machine, which signs itself, and its key.
func (f folder) certificate(name string, serial int64) tls.Certificate {
	f.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	what := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, what, what, &key.PublicKey, key)
	if err != nil {
		f.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		f.Fatal(err)
	}
	f.write(name+".pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	f.write(name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serves answers on loopback as a file says.
func (f folder) serves(text string) (address string, file *webfile.File) {
	f.Helper()
	f.write("web.yml", text)
	file, err := webfile.Read(filepath.Join(f.dir, "web.yml"))
	if err != nil {
		f.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	server := &http.Server{Handler: file.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") }))}
	go func() { _ = server.Serve(file.Listener(l)) }()
	f.Cleanup(func() { _ = server.Close() })
	return l.Addr().String(), file
}

// get asks a server. What it returns is the status, or 0 if there was no answer, and the serial number of
// the server's certificate.
func get(t *testing.T, url, user, password string, with ...tls.Certificate) (status int, serial int64) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: with}}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, 0
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); (string(text) == "served") != (resp.StatusCode == http.StatusOK) {
		t.Errorf("%d: %s", resp.StatusCode, text)
	}
	if resp.TLS != nil {
		serial = resp.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	return resp.StatusCode, serial
}

func hash(t *testing.T, password string) string {
	t.Helper()
	text, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Only who knows a password reads, again and again.
func TestUsers(t *testing.T) {
	f := folder{t, t.TempDir()}
	address, file := f.serves("basic_auth_users:\n  prometheus: " + hash(t, "secret") + "\n  ann: " + hash(t, "other") + "\n")
	if !file.Asks() || file.Encrypts() {
		t.Error("the file does not say what it does")
	}
	for range 2 {
		for _, c := range []struct {
			user, password string
			status         int
		}{
			{"prometheus", "secret", 200},
			{"ann", "other", 200},
			{"", "", 401},
			{"prometheus", "", 401},
			{"prometheus", "other", 401},
			{"nobody", "secret", 401},
			{"nobody", "other", 401},
			{"prometheus", strings.Repeat("secret", 20), 401},
		} {
			if status, _ := get(t, "http://"+address, c.user, c.password); status != c.status {
				t.Errorf("%s, %s: %d", c.user, c.password, status)
			}
		}
	}
}

// A listener is encrypted, a renewed certificate is used, and one that can't be used is not.
func TestCertificates(t *testing.T) {
	f := folder{t, t.TempDir()}
	f.certificate("server", 1)
	address, file := f.serves("tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n")
	if file.Asks() || !file.Encrypts() {
		t.Error("the file does not say what it does")
	}
	if status, _ := get(t, "http://"+address, "", ""); status == http.StatusOK {
		t.Error("the listener answers in clear text")
	}
	for _, step := range []struct {
		change func()
		serial int64
	}{{func() {}, 1}, {func() { f.certificate("server", 2) }, 2}, {func() { f.write("server.pem", "half") }, 2}} {
		step.change()
		if status, serial := get(t, "https://"+address, "", ""); status != http.StatusOK || serial != step.serial {
			t.Errorf("%d, certificate %d, want %d", status, serial, step.serial)
		}
	}
}

// Clients without a certificate of the right authority read nothing.
func TestClientCertificates(t *testing.T) {
	f := folder{t, t.TempDir()}
	f.certificate("server", 1)
	known, stranger := f.certificate("client", 2), f.certificate("stranger", 3)
	address, file := f.serves("tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n  client_ca_file: client.pem\n  client_auth_type: RequireAndVerifyClientCert\n  min_version: TLS13\n")
	if !file.Asks() {
		t.Error("the file does not say what it does")
	}
	if status, _ := get(t, "https://"+address, "", "", known); status != http.StatusOK {
		t.Errorf("a known client got %d", status)
	}
	for name, with := range map[string][]tls.Certificate{"none": nil, "a stranger's": {stranger}} {
		if status, _ := get(t, "https://"+address, "", "", with...); status != 0 {
			t.Errorf("a client with %s certificate got %d", name, status)
		}
	}
}

// What a file says and what can't be done is an error: nothing is less guarded than it says.
func TestFilesThatCantBeUsed(t *testing.T) {
	f := folder{t, t.TempDir()}
	f.certificate("server", 1)
	server := "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
	for text, says := range map[string]string{
		"basic_auth_user:\n  a: b\n":                                "field basic_auth_user not found",
		"rate_limit:\n  burst: 1\n":                                 "field rate_limit not found",
		"basic_auth_users:\n  ann: secret\n":                        "not a bcrypt hash",
		"tls_server_config: {}\n":                                   "open",
		server + "  client_ca_file: server.pem\n":                   "doesn't verify certificates",
		server + "  client_auth_type: RequireAndVerifyClientCert\n": "no client_ca_file",
		server + "  client_auth_type: Require\n":                    "client_auth_type must be",
		server + "  min_version: TLS10\n":                           "min_version TLS12 or TLS13",
		server + "  client_ca_file: server.key\n  client_auth_type: RequireAndVerifyClientCert\n":  "no certificate in",
		server + "  client_ca_file: missing.pem\n  client_auth_type: RequireAndVerifyClientCert\n": "missing.pem",
		server + "  cipher_suites: [TLS_A]\n":                                                      "field cipher_suites not found",
		"- a\n":                                                                                    "web.yml can't be used",
	} {
		f.write("web.yml", text)
		if _, err := webfile.Read(filepath.Join(f.dir, "web.yml")); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := webfile.Read(filepath.Join(f.dir, "missing.yml")); err == nil {
		t.Error("a file that is not there guards nothing")
	}
}
