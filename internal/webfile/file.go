package webfile

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
	"golang.org/x/crypto/bcrypt"
)

// File is what a web configuration file says. The zero value, and nil, guard nothing.
type File struct {
	tls   *tls.Config // nil: plain HTTP
	users map[string][]byte
}

// layout is the format of the file.
type layout struct {
	TLS *struct {
		Cert       string `yaml:"cert_file"`
		Key        string `yaml:"key_file"`
		ClientCA   string `yaml:"client_ca_file"`
		ClientAuth string `yaml:"client_auth_type"`
		MinVersion string `yaml:"min_version"`
	} `yaml:"tls_server_config"`
	Users map[string]string `yaml:"basic_auth_users"` // name: bcrypt hash
}

var (
	clientAuths = map[string]tls.ClientAuthType{
		"": tls.NoClientCert, "NoClientCert": tls.NoClientCert, "RequestClientCert": tls.RequestClientCert, "RequireAnyClientCert": tls.RequireAnyClientCert,
		"VerifyClientCertIfGiven": tls.VerifyClientCertIfGiven, "RequireAndVerifyClientCert": tls.RequireAndVerifyClientCert,
	}
	versions = map[string]uint16{"": tls.VersionTLS12, "TLS12": tls.VersionTLS12, "TLS13": tls.VersionTLS13}
)

// Read reads a file, with the files that it names beside it.
func Read(path string) (*File, error) {
	f, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("the web configuration file %s can't be used: %w", path, err)
	}
	return f, nil
}

func read(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var said layout
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&said); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w\nIt has tls_server_config (cert_file, key_file, client_ca_file, client_auth_type, min_version) and basic_auth_users", err)
	}
	f := &File{users: map[string][]byte{}}
	for name, hash := range said.Users {
		if _, err := bcrypt.Cost([]byte(hash)); err != nil {
			return nil, fmt.Errorf("the password of the user %q is not a bcrypt hash: make one with `htpasswd -nBC 10 %[1]s`", name)
		}
		f.users[name] = []byte(hash)
	}
	if said.TLS == nil {
		return f, nil
	}
	beside := func(name string) string {
		if name == "" || filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(filepath.Dir(path), name)
	}
	var known, of bool
	f.tls = &tls.Config{NextProtos: []string{"http/1.1"}}
	f.tls.ClientAuth, known = clientAuths[said.TLS.ClientAuth]
	if f.tls.MinVersion, of = versions[said.TLS.MinVersion]; !known || !of {
		return nil, errors.New("client_auth_type must be like RequireAndVerifyClientCert, and min_version TLS12 or TLS13")
	}
	certificate := &certificate{cert: beside(said.TLS.Cert), key: beside(said.TLS.Key)}
	if _, err := certificate.get(nil); err != nil {
		return nil, err
	}
	f.tls.GetCertificate = certificate.get
	return f, f.clients(beside(said.TLS.ClientCA))
}

// clients reads whose certificates clients must have.
func (f *File) clients(path string) error {
	verifies := f.tls.ClientAuth >= tls.VerifyClientCertIfGiven
	switch {
	case path == "" && verifies:
		return errors.New("client_auth_type asks for certificates that are verified, and there is no client_ca_file")
	case path == "":
		return nil
	case !verifies:
		return errors.New("there is a client_ca_file, and client_auth_type doesn't verify certificates: write RequireAndVerifyClientCert")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	f.tls.ClientCAs = x509.NewCertPool()
	if !f.tls.ClientCAs.AppendCertsFromPEM(text) {
		return fmt.Errorf("there is no certificate in %s", path)
	}
	return nil
}

// Encrypts reports whether nobody on the way can read or change anything.
func (f *File) Encrypts() bool { return f != nil && f.tls != nil }

// Asks reports whether it is asked who reads.
func (f *File) Asks() bool {
	return f != nil && len(f.users) > 0 || f.Encrypts() && f.tls.ClientAuth == tls.RequireAndVerifyClientCert
}
