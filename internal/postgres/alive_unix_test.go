//go:build unix

package postgres

import (
	"crypto/tls"
	"net"
	"testing"
)

// What came over a connection is known at once, whenever this process gets its turn, and
// is still to be read.
func TestPeek(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	here, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = here.Close() }()
	there, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	want := func(what string, c net.Conn, want heard) {
		t.Helper()
		if got := peek(c); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	secure := tls.Client(here, &tls.Config{ServerName: "server"})
	want("nothing came", here, nothing)
	if _, err := there.Write([]byte("ab")); err != nil {
		t.Fatal(err)
	}
	want("something came", here, something)
	want("something came, through TLS", secure, something)
	_ = there.Close()
	want("something came before the end", here, something)
	var all [2]byte
	if n, err := here.Read(all[:]); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	want("it was ended there", here, itsEnd)
	want("it was ended there, through TLS", secure, itsEnd)
	_ = here.Close()
	want("it was closed here", here, itsEnd)
	one, _ := net.Pipe() // its other end says nothing
	want("no socket", one, notAsked)
}
