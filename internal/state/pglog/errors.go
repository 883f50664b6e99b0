package pglog

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// cause is what is wrong, in words that say nothing of the connection's address,
// user and password. Errors of the driver are full of them, so none is passed on.
type cause struct {
	reason  string
	remedy  string
	refuses bool  // nothing was written, and nothing will be until a person has helped
	of      error // what callers may ask for
}

var (
	standby = cause{
		reason: "the server is a standby, or set to read only", refuses: true,
		remedy: "Name the primary in url. With several hosts in it, gdfctl looks for the primary itself.",
	}
	notBegun = cause{
		reason: "no state was begun here", refuses: true,
		remedy: "Correct url, schema or name, or begin one with `gdfctl state init`.",
	}
)

func (p *Place) refused(c cause) error {
	return &sharedlog.RefusedError{Place: p.String(), Reason: c.reason, Remedy: c.remedy}
}

// failure is any other error than those of sharedlog.
type failure struct {
	text string
	of   error
}

func (e *failure) Error() string { return e.text }
func (e *failure) Unwrap() error { return e.of }

func (p *Place) failed(doing string, c cause) error {
	text := fmt.Sprintf("%s can't be %s: %s", p, doing, c.reason)
	if c.remedy != "" {
		text += "\n" + c.remedy
	}
	return &failure{text, c.of}
}

// notWritten is the error of a write.
func (p *Place) notWritten(err error) error {
	var taken *sharedlog.TakenError
	var refused *sharedlog.RefusedError
	var timeline *sharedlog.TimelineError
	if err == nil || errors.As(err, &taken) || errors.As(err, &refused) || errors.As(err, &timeline) {
		return err
	}
	c := p.explain(err, "SELECT, INSERT, UPDATE, DELETE")
	if c.refuses {
		return p.refused(c)
	}
	return p.failed("written to", c)
}

// notRead is the error of a read.
func (p *Place) notRead(err error) error {
	c := p.explain(err, "SELECT")
	if errors.Is(c.of, sharedlog.ErrNoLog) {
		return fmt.Errorf("%s: %w", p, sharedlog.ErrNoLog)
	}
	return p.unreadable(c)
}

func (p *Place) unreadable(c cause) error {
	if c.refuses {
		return &sharedlog.RefusedError{Place: p.String(), Read: true, Reason: c.reason, Remedy: c.remedy}
	}
	return p.failed("read", c)
}

// explain says what an error of the driver means.
func (p *Place) explain(err error, rights string) cause {
	var answer *pgconn.PgError
	var badURL *pgconn.ParseConfigError
	var noHost *net.DNSError
	var errno syscall.Errno
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	const certificate = "Name the authority with sslrootcert, and the server as its certificate does."
	switch {
	case errors.Is(err, errUnset):
		return cause{reason: errUnset.Error(), remedy: "Set the environment variable that it is taken from.", refuses: true}
	case errors.As(err, &badURL):
		return cause{
			reason: "its url can't be used", refuses: true,
			remedy: "Write it like postgres://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full, with %40 for @ in a password. Certificates that it names must be there.",
		}
	case errors.As(err, &answer):
		return p.explainAnswer(answer, rights)
	case errors.Is(err, errUnconfirmed):
		return cause{reason: errUnconfirmed.Error(), remedy: "Bring the standby back, or remove it from synchronous_standby_names."}
	case errors.Is(err, pgconn.ErrStandbyConnection), errors.Is(err, pgconn.ErrReadOnlyConnection): // of all hosts in url
		return standby
	case errors.Is(err, errClosed):
		return cause{reason: errClosed.Error()}
	case errors.Is(err, context.Canceled):
		return cause{reason: "it was interrupted", of: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded):
		return cause{reason: "the server did not answer in time", of: context.DeadlineExceeded}
	case errors.As(err, &noHost):
		return cause{reason: "the server's host name was not found", remedy: "Correct the host in url, or PGHOST."}
	case strings.Contains(err.Error(), "refused TLS"):
		return cause{
			reason: "the server does not offer TLS", refuses: true,
			remedy: "Turn it on there (ssl = on). On a network that you trust like the machine itself, write sslmode=disable in url.",
		}
	case errors.As(err, &authority):
		return cause{reason: "the server's certificate is from an unknown authority", remedy: certificate, refuses: true}
	case errors.As(err, &host):
		return cause{reason: "the server's certificate is for another host", remedy: certificate, refuses: true}
	case errors.As(err, &invalid):
		return cause{reason: "the server's certificate is not valid", remedy: certificate, refuses: true}
	case errors.As(err, &errno):
		return cause{reason: "the connection failed: " + errno.Error()}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return cause{reason: "the server closed the connection"}
	}
	return cause{reason: "the connection failed"}
}

// explainAnswer says what an error of the server means, by the codes that are
// listed in PostgreSQL's documentation.
func (p *Place) explainAnswer(e *pgconn.PgError, rights string) cause {
	switch e.Code {
	case "42501":
		return cause{
			reason: p.said(e), refuses: true,
			remedy: fmt.Sprintf("As an administrator, for the role that url names: CREATE SCHEMA %[2]s AUTHORIZATION ROLE; or, if another role owns it: GRANT USAGE ON SCHEMA %[2]s TO ROLE; GRANT %[1]s ON ALL TABLES IN SCHEMA %[2]s TO ROLE;",
				rights, p.tables.schema),
		}
	case "42P01", "3F000":
		c := notBegun
		c.of = sharedlog.ErrNoLog
		return c
	case "25006":
		return standby
	case "23505":
		return cause{
			reason: "a record is there that the log does not know of", refuses: true,
			remedy: "Somebody changed or restored one of the tables without the others. Restore all of them together.",
		}
	case "53100":
		return cause{reason: "the server's disk is full", refuses: true}
	case "3D000":
		return cause{reason: "its database does not exist", remedy: "Create it, or correct its name in url or PGDATABASE.", refuses: true}
	case "53300":
		return cause{reason: "the server has no connection left for this role"}
	case "57014":
		return cause{reason: "the server gave up after " + p.limit.String()}
	case "55P03":
		return cause{reason: "another transaction kept the log locked for " + p.limit.String()}
	case "57P01", "57P02", "57P03":
		return cause{reason: "the server is being started or stopped"}
	}
	switch e.Code[:min(2, len(e.Code))] {
	case "28":
		return cause{
			reason: "the server refused the login", refuses: true,
			remedy: "Check user and password in url, PGPASSWORD or the password file, and that the server's pg_hba.conf lets this user and machine in.",
		}
	case "08":
		return cause{reason: "the server, or the pooler before it, refused the connection", remedy: "Check the user, the password and the database."}
	}
	return cause{reason: p.said(e)}
}

// said is the server's own message, without what the url says.
func (p *Place) said(e *pgconn.PgError) string {
	message := safetext.Message(e.Message)
	if c, err := p.server.parsed(); err == nil {
		secrets := []string{c.Password, c.User, c.Database, c.Host}
		for _, other := range c.Fallbacks {
			secrets = append(secrets, other.Host)
		}
		for _, s := range secrets {
			if s != "" && s != p.tables.schema {
				message = strings.ReplaceAll(message, s, "…")
			}
		}
	}
	return fmt.Sprintf("the server says: %s (%s)", message, e.Code)
}
