package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// heard is what came over a connection and was not read yet.
type heard int

const (
	notAsked heard = iota // the system can't be asked
	nothing
	something
	itsEnd
)

// alive reports whether the server did not end the connection, as far as is known
// here. It may have said other things before that.
func (s *Session) alive() bool {
	const looks, look = 20, time.Millisecond
	for range looks {
		switch peek(s.Conn()) {
		case itsEnd:
			return false
		case nothing:
			if s.Frontend().ReadBufferLen() == 0 {
				return true
			}
		case notAsked:
			return s.silent(look)
		case something:
		}
		// A process that had to wait for its turn sees only that the time is over, and looks again.
		if !s.silent(look) {
			return false
		}
	}
	return false // it says more than it is asked
}

// silent reads what the server said, and reports whether it says nothing more for a
// while, with the connection open.
func (s *Session) silent(while time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), while)
	defer cancel()
	for {
		if _, err := s.ReceiveMessage(ctx); err != nil {
			return pgconn.Timeout(err) && !s.IsClosed()
		}
	}
}
