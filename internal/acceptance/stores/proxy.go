package stores

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy passes on what a client and a server send each other. It can lead to another
// server, cut connections, and pass on what a test's filters let through.
type Proxy struct {
	Address string

	mu      sync.Mutex // guards what follows
	target  string
	filters func() (up, down Filter)
	conns   map[net.Conn]bool
	cuts    int // how often all connections were cut
}

// Filter passes on what came from one side, as much of it as it likes, when it
// likes. An error cuts the connection.
type Filter func(from io.Reader, to io.Writer) error

// NewProxy listens on a loopback port until the test ends.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: l.Addr().String(), target: target, conns: map[net.Conn]bool{}}
	var wg sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		p.Cut()
		wg.Wait()
	})
	wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { p.serve(client) })
		}
	})
	return p
}

// Lead has new connections lead to another server, and cuts the present ones.
func (p *Proxy) Lead(target string) {
	p.mu.Lock()
	p.target = target
	p.mu.Unlock()
	p.Cut()
}

// Filter has new connections pass through filters, made for each of them; nil
// passes everything on.
func (p *Proxy) Filter(filters func() (up, down Filter)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.filters = filters
}

// Cut cuts all connections. When it returns, both sides can know.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cuts++
	for c := range p.conns {
		// Close alone leaves it to whoever reads from the connection to end it, later.
		if half, ok := c.(*net.TCPConn); ok {
			_ = half.CloseWrite()
		}
		_ = c.Close()
	}
}

func (p *Proxy) serve(client net.Conn) {
	p.mu.Lock()
	target, cuts := p.target, p.cuts
	up, down := Filter(pass), Filter(pass)
	if p.filters != nil {
		up, down = p.filters()
	}
	p.mu.Unlock()
	server, err := net.Dial("tcp", target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	cut := p.cuts != cuts // meanwhile: it leads to where none may lead any more
	if !cut {
		p.conns[client], p.conns[server] = true, true
	}
	p.mu.Unlock()
	if cut {
		_ = client.Close()
		_ = server.Close()
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { p.copy(up, client, server) })
	wg.Go(func() { p.copy(down, server, client) })
	wg.Wait()
	p.mu.Lock()
	delete(p.conns, client)
	delete(p.conns, server)
	p.mu.Unlock()
}

// copy passes on one direction; its end is that of both.
func (p *Proxy) copy(filter Filter, from, to net.Conn) {
	if err := filter(from, to); err == nil || errors.Is(err, net.ErrClosed) {
		// The other side may still have something to say, such as why it ends.
		if half, ok := to.(*net.TCPConn); ok && half.CloseWrite() == nil {
			return
		}
	}
	_ = from.Close()
	_ = to.Close()
}

func pass(from io.Reader, to io.Writer) error {
	_, err := io.Copy(to, from)
	return err
}
