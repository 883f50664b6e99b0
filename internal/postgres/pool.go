package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Pool is a few connections to a server.
type Pool struct {
	server *Server
	most   int // connections; 0: as many as there are calls that took long

	free   chan struct{} // a connection became free
	mu     sync.Mutex    // guards what follows
	idle   []*Session
	busy   int // connections in use, or being made
	closed bool
}

// NewPool returns a pool that connects when it is used. most bounds its
// connections; 0 stands for no bound.
func NewPool(server *Server, most int) *Pool {
	return &Pool{server: server, most: most, free: make(chan struct{}, 1)}
}

// Session is one connection. It holds nothing between two calls.
type Session struct {
	*pgconn.PgConn
	warnings int // that the server sent
}

// Use calls do with a connection, one that was used before where there is one. A
// connection with which anything went wrong is not used again.
func (p *Pool) Use(ctx context.Context, do func(*Session) error) error {
	s, err := p.session(ctx)
	if err != nil {
		return err
	}
	defer p.freed()
	if err := do(s); err != nil {
		s.end()
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		s.end()
		return nil
	}
	p.idle = append(p.idle, s)
	return nil
}

// freed says that a connection is no longer in use.
func (p *Pool) freed() {
	p.mu.Lock()
	p.busy--
	p.mu.Unlock()
	select {
	case p.free <- struct{}{}:
	default: // nobody waits
	}
}

// sharing is how long a call waits for a connection that is in use before it makes
// another one: that takes several round trips, and servers have few.
const sharing = time.Second

// shared waits until a connection may be free, once.
func (p *Pool) shared(ctx context.Context) error {
	select {
	case <-p.free:
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(sharing):
	}
	return nil
}

// session is a connection that seems alive. What the server closed meanwhile is
// noticed before anything is sent, since an append that was sent is not known to
// have failed.
func (p *Pool) session(ctx context.Context) (*Session, error) {
	for waited := time.Duration(0); ; {
		p.mu.Lock()
		var s *Session
		closed, last := p.closed, len(p.idle)-1
		if last >= 0 {
			s, p.idle = p.idle[last], p.idle[:last]
		}
		wait := s == nil && p.busy > 0 && (waited < sharing || p.busy == p.most)
		if !closed && !wait {
			p.busy++
		}
		p.mu.Unlock()
		switch {
		case closed:
			return nil, errClosed
		case wait:
			began := time.Now()
			if err := p.shared(ctx); err != nil {
				return nil, err
			}
			waited += time.Since(began)
			continue
		case s == nil:
			var err error
			if s, err = p.connect(ctx); err != nil {
				p.freed()
			}
			return s, err
		case s.alive():
			return s, nil
		}
		s.end()
		p.freed()
	}
}

func (p *Pool) connect(ctx context.Context) (*Session, error) {
	config, err := p.server.parsed()
	if err != nil {
		return nil, err
	}
	s := &Session{}
	own := config.Copy()
	own.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" {
			s.warnings++
		}
	}
	s.PgConn, err = pgconn.ConnectConfig(ctx, own)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// end closes a connection. Saying so to the server is a courtesy.
func (s *Session) end() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.PgConn.Close(ctx) // nothing is expected of it any more
}

// Close closes the connections that are not in use; the others are closed when they
// no longer are.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, s := range p.idle {
		s.end()
	}
	p.idle = nil
	return nil
}
