package pglog

import (
	"context"
	"fmt"
	"strings"

	"github.com/gdfctl/gdfctl/internal/postgres"
)

// Prepare implements sharedlog.Place. What is there is left as it is, and takes no
// right to make it; where two prepare at once, the second one waits.
func (p *Place) Prepare(ctx context.Context) error {
	var create strings.Builder
	fmt.Fprintf(&create, "IF to_regnamespace('%[1]s') IS NULL THEN CREATE SCHEMA %[1]q; END IF;\n", p.tables.schema)
	for _, t := range p.tables.all() {
		fmt.Fprintf(&create, "IF to_regclass('%s') IS NULL THEN %s; END IF;\n", t.name, t.create)
	}
	return p.write(ctx, `SELECT pg_advisory_xact_lock(hashtext(`+postgres.Text("gdfctl "+p.tables.schema)+`));
		DO $gdfctl$ BEGIN `+create.String()+` END $gdfctl$;
		`+p.begin())
}

// begin is SQL that makes the row of head which the first record is appended with.
func (p *Place) begin() string {
	return `INSERT INTO ` + p.tables.head() + ` (name, n, hash) VALUES (` + postgres.Text(p.name) + `, -1, '') ON CONFLICT DO NOTHING`
}
