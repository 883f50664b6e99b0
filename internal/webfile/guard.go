package webfile

import (
	"crypto/sha256"
	"crypto/tls"
	"net"
	"net/http"
	"sync"

	"golang.org/x/crypto/bcrypt"
)

// Listener is l, encrypted if the file says so.
func (f *File) Listener(l net.Listener) net.Listener {
	if !f.Encrypts() {
		return l
	}
	return tls.NewListener(l, f.tls)
}

// Handler lets only users through to h.
func (f *File) Handler(h http.Handler) http.Handler {
	if f == nil || len(f.users) == 0 {
		return h
	}
	asked := &users{hashes: f.users, right: map[[sha256.Size]byte]bool{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, password, said := r.BasicAuth(); !said || !asked.knows(name, password) {
			w.Header().Set("WWW-Authenticate", "Basic")
			http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// users are asked for their passwords.
type users struct {
	hashes map[string][]byte

	mu    sync.Mutex // one comparison at a time, since it is meant to take long; guards right
	right map[[sha256.Size]byte]bool
}

func (u *users) knows(name, password string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	hash, exists := u.hashes[name]
	if !exists { // that takes as long as a wrong password
		for _, hash = range u.hashes {
			break
		}
	}
	asked := sha256.Sum256([]byte(name + "\x00" + string(hash) + "\x00" + password))
	if u.right[asked] {
		return true
	}
	if bcrypt.CompareHashAndPassword(hash, []byte(password)) != nil || !exists {
		return false
	}
	u.right[asked] = true // at most one for each user
	return true
}

// certificate is read again for each connection: it is renewed while the process runs.
type certificate struct {
	cert, key string

	mu   sync.Mutex // guards last
	last *tls.Certificate
}

func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	switch {
	case err == nil:
		c.last = &pair
	case c.last == nil:
		return nil, err
	}
	return c.last, nil
}
