package pglog

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/gdfctl/gdfctl/internal/postgres"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

var notBegun = postgres.Cause{
	Reason: "no state was begun here", Refuses: true, Of: sharedlog.ErrNoLog,
	Remedy: "Correct url, schema or name, or begin one with `gdfctl state init`.",
}

func (p *Place) refused(c postgres.Cause) error {
	return &sharedlog.RefusedError{Place: p.String(), Reason: c.Reason, Remedy: c.Remedy}
}

// failed is any other error than those of sharedlog.
func (p *Place) failed(doing string, c postgres.Cause) error {
	text := fmt.Sprintf("%s can't be %s: %s", p, doing, c.Reason)
	if c.Remedy != "" {
		text += "\n" + c.Remedy
	}
	return &postgres.Error{Text: text, Of: c.Of}
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
	if c.Refuses {
		return p.refused(c)
	}
	return p.failed("written to", c)
}

// notRead is the error of a read.
func (p *Place) notRead(err error) error {
	c := p.explain(err, "SELECT")
	if errors.Is(c.Of, sharedlog.ErrNoLog) {
		return fmt.Errorf("%s: %w", p, sharedlog.ErrNoLog)
	}
	return p.unreadable(c)
}

func (p *Place) unreadable(c postgres.Cause) error {
	if c.Refuses {
		return &sharedlog.RefusedError{Place: p.String(), Read: true, Reason: c.Reason, Remedy: c.Remedy}
	}
	return p.failed("read", c)
}

// explain says what an error of the driver means for a log.
func (p *Place) explain(err error, rights string) postgres.Cause {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return p.server.Explain(err, p.limit)
	}
	switch answer.Code {
	case "42501":
		return postgres.Cause{
			Reason: p.server.Said(answer, p.tables.schema), Refuses: true,
			Remedy: fmt.Sprintf("As an administrator, for the role that url names: CREATE SCHEMA %[2]s AUTHORIZATION ROLE; or, if another role owns it: GRANT USAGE ON SCHEMA %[2]s TO ROLE; GRANT %[1]s ON ALL TABLES IN SCHEMA %[2]s TO ROLE;",
				rights, p.tables.schema),
		}
	case "42P01", "3F000":
		return notBegun
	case "23505":
		return postgres.Cause{
			Reason: "a record is there that the log does not know of", Refuses: true,
			Remedy: "Somebody changed or restored one of the tables without the others. Restore all of them together.",
		}
	case "55P03":
		return postgres.Cause{Reason: "another transaction kept the log locked for " + p.limit.String()}
	}
	return p.server.Explain(err, p.limit, p.tables.schema)
}
