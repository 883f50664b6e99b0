package postgres

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Impatient bounds how long the connections of a configuration wait for a server that says
// nothing: a machine that vanished, or a pooler whose server did, leaves them open. It is
// for callers that don't bound their questions themselves.
func Impatient(c *pgconn.Config, limit time.Duration) {
	dial := c.DialFunc
	c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &impatient{Conn: conn, limit: limit}, nil
	}
}

// impatient is a connection each of whose reads and writes ends within a limit, or at the
// deadline that its user set, which comes first.
type impatient struct {
	net.Conn
	limit time.Duration

	mu          sync.Mutex // guards what follows
	read, write time.Time  // deadlines of the user
}

// bounded sets what is the deadline from now on. A user who interrupts sets his meanwhile, or
// has done so before: his is never put off.
func (c *impatient) bounded(set func(time.Time) error, users *time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	deadline := time.Now().Add(c.limit)
	if !users.IsZero() && users.Before(deadline) {
		deadline = *users
	}
	return set(deadline)
}

func (c *impatient) Read(b []byte) (int, error) {
	if err := c.bounded(c.Conn.SetReadDeadline, &c.read); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *impatient) Write(b []byte) (int, error) {
	if err := c.bounded(c.Conn.SetWriteDeadline, &c.write); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

func (c *impatient) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read, c.write = t, t
	return c.Conn.SetDeadline(t)
}

func (c *impatient) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = t
	return c.Conn.SetReadDeadline(t)
}

func (c *impatient) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write = t
	return c.Conn.SetWriteDeadline(t)
}
