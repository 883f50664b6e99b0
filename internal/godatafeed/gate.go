package godatafeed

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
)

type gateKey struct{}

// Gated returns a context whose writes ask gate whether they may still be sent: in
// the connection's Write, the last code before the kernel, for each piece of each
// attempt, also of one that net/http makes again by itself because nothing of the first one
// left. Once it returned an error, no byte of that call leaves any more, and the
// call's error wraps it; the call was not executed unless bytes had left before.
//
// Connections that NewTransport makes, or Guarded, do so. Other transports, which may
// have no connections at all, are asked for right before they get the request. gate
// must be quick, and safe for concurrent use. Reads don't ask it.
func Gated(ctx context.Context, gate func() error) context.Context {
	return context.WithValue(ctx, gateKey{}, gate)
}

// Guarded makes the connections of a transport such that the bytes of writes pass
// their gates.
func Guarded(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &guardedConn{Conn: conn}, nil
	}
}

// passage is where the bytes of one write leave, over however many connections.
type passage struct {
	ctx  context.Context //nolint:containedctx // it belongs to the one attempt, and so does the passage
	gate func() error    // nil: everything may pass

	mu       sync.Mutex // guards what follows
	shut     error      // why nothing passes any more
	refused  error      // the gate's own error, if that is why
	leaving  int        // pieces that the kernel is being handed
	left     bool       // bytes that the kernel took
	answered bool       // the server has begun to answer
}

func newPassage(ctx context.Context) *passage {
	gate, _ := ctx.Value(gateKey{}).(func() error)
	return &passage{ctx: ctx, gate: gate}
}

// ask reports whether more may leave now.
func (p *passage) ask() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut == nil {
		p.shut = p.ctx.Err()
	}
	if p.shut != nil || p.gate == nil {
		return p.shut
	}
	p.mu.Unlock() // a gate may take its time, and the attempt end meanwhile
	refused := p.gate()
	p.mu.Lock()
	if p.shut == nil && refused != nil {
		p.shut, p.refused = refused, refused
	}
	if p.shut == nil {
		p.shut = p.ctx.Err()
	}
	return p.shut
}

// write hands bytes on, if they may leave.
func (p *passage) write(conn net.Conn, b []byte) (int, error) {
	if err := p.ask(); err != nil {
		return 0, err
	}
	p.mu.Lock()
	if p.shut != nil {
		p.mu.Unlock()
		return 0, p.shut
	}
	p.leaving++
	p.mu.Unlock()
	n, err := conn.Write(b)
	p.mu.Lock()
	p.leaving--
	p.left = p.left || n > 0
	p.mu.Unlock()
	return n, err
}

// close lets nothing more leave, and reports whether anything can have left, and
// with which error the gate refused it, if it did.
func (p *passage) close() (left bool, refused error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut == nil {
		p.shut = net.ErrClosed
	}
	return p.left || p.leaving > 0, p.refused
}

func (p *passage) answer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered = true
}

// pending reports whether bytes left that nobody answered.
func (p *passage) pending() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return (p.left || p.leaving > 0) && !p.answered
}

// guardedConn is a connection below encryption, whose bytes pass the gate of
// the write that has it.
type guardedConn struct {
	net.Conn
	passage atomic.Pointer[passage]
}

// guardOf finds the guarded connection under one that a request got.
func guardOf(conn net.Conn) *guardedConn {
	for {
		switch c := conn.(type) {
		case *guardedConn:
			return c
		case *tls.Conn:
			conn = c.NetConn()
		default:
			return nil
		}
	}
}

func (c *guardedConn) Write(b []byte) (int, error) {
	if p := c.passage.Load(); p != nil {
		return p.write(c.Conn, b)
	}
	return c.Conn.Write(b)
}

// Close drops what the kernel has of a write that was given up: it would otherwise
// go on sending for as long as the server takes to read it.
func (c *guardedConn) Close() error {
	if p := c.passage.Load(); p != nil && p.pending() {
		if tcp, ok := c.Conn.(interface{ SetLinger(sec int) error }); ok {
			_ = tcp.SetLinger(0) // the connection may be broken already
		}
	}
	return c.Conn.Close()
}
