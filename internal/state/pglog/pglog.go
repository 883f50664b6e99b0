package pglog

import (
	"fmt"
	"regexp"
	"time"

	"github.com/gdfctl/gdfctl/internal/postgres"
	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Attributes are what a block of this backend can say of where it keeps its logs.
var Attributes = []string{"url", "name", "schema"}

// Identifiers are written into SQL, and both are shown in messages.
var (
	schemaForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,49}$`)
	nameForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$`)
)

// Configured returns the place of one of a block's logs. It connects to nothing and
// reads no file: what the url says is found out at first use. The log of published
// plans has a schema of its own, and so rights of its own.
func Configured(block sharedlog.Block) (sharedlog.Place, *backend.Mistake) {
	name, said := block.Attributes["name"]
	if !said {
		name = "main"
	}
	if !nameForm.MatchString(name) {
		return nil, &backend.Mistake{
			Attribute: "name", Summary: "The state's name can't be used",
			Detail: `Write up to 100 letters, digits, ".", "_", "/" and "-", beginning with a letter or digit, like "main".`,
		}
	}
	schema, said := block.Attributes["schema"]
	if !said {
		schema = "gdfctl"
	}
	if !schemaForm.MatchString(schema) {
		return nil, &backend.Mistake{
			Attribute: "schema", Summary: "The schema's name can't be used",
			Detail: `Write up to 50 lower-case letters, digits and "_", beginning with a letter, like "gdfctl".`,
		}
	}
	if block.Log != sharedlog.State {
		schema += "_" + string(block.Log)
	}
	url, said := block.Attributes["url"]
	server := postgres.At(url, "url", said)
	if block.Environ != nil {
		server.Only(block.Variable)
	}
	return newPlace(server, schema, name), nil
}

// Place keeps one log.
type Place struct {
	name   string
	tables tables
	server *postgres.Server
	pool   *postgres.Pool

	limit time.Duration // of one call, and of what the server waits for in it
}

var _ sharedlog.Place = (*Place)(nil)

func newPlace(server *postgres.Server, schema, name string) *Place {
	return &Place{name: name, tables: tables{schema}, server: server, pool: postgres.NewPool(server, 0), limit: 30 * time.Second}
}

// String names the log and the schema. The url is a secret, so a mark stands for the
// database: two databases are two places.
func (p *Place) String() string {
	if mark := p.server.Mark(); mark != "" {
		return fmt.Sprintf("the PostgreSQL log %q in schema %s (database %s)", p.name, p.tables.schema, mark)
	}
	return fmt.Sprintf("the PostgreSQL log %q in schema %s", p.name, p.tables.schema)
}

// Pace is 0: a commit takes some milliseconds.
func (p *Place) Pace() time.Duration { return 0 }

// Close closes the connections that are not in use; the others are closed when they
// no longer are.
func (p *Place) Close() error { return p.pool.Close() }
