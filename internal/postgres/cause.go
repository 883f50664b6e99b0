package postgres

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/gdfctl/gdfctl/internal/safetext"
)

// Cause is what is wrong, in words that say nothing of the connection's address,
// user and password. Errors of the driver are full of them, so none is passed on.
type Cause struct {
	Reason  string
	Remedy  string
	Refuses bool  // nothing was written, and nothing will be until a person has helped
	Of      error // what callers may ask for
}

// Error is what is wrong, in the words of a caller who has a Cause: none of the driver's.
type Error struct {
	Text string
	Of   error // that of the Cause
}

func (e *Error) Error() string { return e.Text }

// Unwrap lets callers ask for what the Cause says that they may.
func (e *Error) Unwrap() error { return e.Of }

// errUnset keeps a run from whatever server happens to be on its machine, errClosed is
// the error of all calls after Close.
var (
	errUnset  = errors.New("its url is empty")
	errClosed = errors.New("it was closed")
)

// Standby is what is wrong with a server that can't be written to.
func (s *Server) Standby() Cause {
	return Cause{
		Reason: "the server is a standby, or set to read only", Refuses: true,
		Remedy: "Name the primary in " + s.named + ". With several hosts in it, gdfctl looks for the primary itself.",
	}
}

// Explain says what an error of a call means whose statements were to end within the
// limit. Words that are not secret, although the url has them too, are kept.
func (s *Server) Explain(err error, limit time.Duration, keep ...string) Cause {
	var answer *pgconn.PgError
	var badURL *pgconn.ParseConfigError
	var incomplete incompleteError
	var noHost *net.DNSError
	var errno syscall.Errno
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	const certificate = "Name the authority with sslrootcert, and the server as its certificate does."
	switch {
	case errors.Is(err, errUnset):
		return Cause{Reason: errUnset.Error(), Remedy: "Set the environment variable that it is taken from.", Refuses: true}
	case errors.As(err, &incomplete):
		return Cause{Reason: incomplete.Error(), Remedy: "Write it like postgres://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full.", Refuses: true}
	case errors.As(err, &badURL):
		return Cause{
			Reason: "its url can't be used", Refuses: true,
			Remedy: "Write it like postgres://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full, with %40 for @ in a password. Certificates that it names must be there.",
		}
	case errors.As(err, &answer):
		return s.explainAnswer(answer, limit, keep)
	case errors.Is(err, ErrUnconfirmed):
		return Cause{Reason: ErrUnconfirmed.Error(), Remedy: "Bring the standby back, or remove it from synchronous_standby_names."}
	case errors.Is(err, pgconn.ErrStandbyConnection), errors.Is(err, pgconn.ErrReadOnlyConnection): // of all hosts in url
		return s.Standby()
	case errors.Is(err, errClosed):
		return Cause{Reason: errClosed.Error()}
	case errors.Is(err, context.Canceled):
		return Cause{Reason: "it was interrupted", Of: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded):
		return Cause{Reason: "the server did not answer in time", Of: context.DeadlineExceeded}
	case errors.As(err, &noHost):
		return Cause{Reason: "the server's host name was not found", Remedy: fmt.Sprintf("Correct the host in %s, or PGHOST.", s.named)}
	case strings.Contains(err.Error(), "refused TLS"):
		return Cause{
			Reason: "the server does not offer TLS", Refuses: true,
			Remedy: fmt.Sprintf("Turn it on there (ssl = on). On a network that you trust like the machine itself, write sslmode=disable in %s.", s.named),
		}
	case errors.As(err, &authority):
		return Cause{Reason: "the server's certificate is from an unknown authority", Remedy: certificate, Refuses: true}
	case errors.As(err, &host):
		return Cause{Reason: "the server's certificate is for another host", Remedy: certificate, Refuses: true}
	case errors.As(err, &invalid):
		return Cause{Reason: "the server's certificate is not valid", Remedy: certificate, Refuses: true}
	case errors.As(err, &errno):
		return Cause{Reason: "the connection failed: " + errno.Error()}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Cause{Reason: "the server closed the connection"}
	}
	return Cause{Reason: "the connection failed"}
}

// explainAnswer says what an error of the server means, by the codes that are
// listed in PostgreSQL's documentation.
func (s *Server) explainAnswer(e *pgconn.PgError, limit time.Duration, keep []string) Cause {
	switch e.Code {
	case "25006":
		return s.Standby()
	case "53100":
		return Cause{Reason: "the server's disk is full", Refuses: true}
	case "3D000":
		return Cause{Reason: "its database does not exist", Remedy: fmt.Sprintf("Create it, or correct its name in %s or PGDATABASE.", s.named), Refuses: true}
	case "53300":
		return Cause{Reason: "the server has no connection left for this role"}
	case "57014":
		return Cause{Reason: "the server gave up after " + limit.String()}
	case "57P01", "57P02", "57P03":
		return Cause{Reason: "the server is being started or stopped"}
	}
	switch e.Code[:min(2, len(e.Code))] {
	case "28":
		return Cause{
			Reason: "the server refused the login", Refuses: true,
			Remedy: fmt.Sprintf("Check user and password in %s, PGPASSWORD or the password file, and that the server's pg_hba.conf lets this user and machine in.", s.named),
		}
	case "08":
		return Cause{Reason: "the server, or the pooler before it, refused the connection", Remedy: "Check the user, the password and the database."}
	}
	return Cause{Reason: s.Said(e, keep...)}
}

// Said is the server's own message, without what the url says.
func (s *Server) Said(e *pgconn.PgError, keep ...string) string {
	message := safetext.Message(e.Message)
	if c, err := s.parsed(); err == nil {
		secrets := []string{c.Password, c.User, c.Database, c.Host}
		for _, other := range c.Fallbacks {
			secrets = append(secrets, other.Host)
		}
		for _, secret := range secrets {
			if secret != "" && !slices.Contains(keep, secret) {
				message = strings.ReplaceAll(message, secret, "…")
			}
		}
	}
	return fmt.Sprintf("the server says: %s (%s)", message, e.Code)
}
