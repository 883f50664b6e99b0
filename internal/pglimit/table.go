package pglimit

// Table is where the levels are. Whoever takes part needs USAGE on the schema, and SELECT,
// INSERT and UPDATE on the table.
const Table = schema + "." + table

const schema, table = "gdfctl_agent", "gdfctl_limits"

// DDL makes the table, in a schema that is there. Rows are changed all the time, in place
// while their page has room.
const DDL = `CREATE TABLE IF NOT EXISTS ` + Table + ` (
	account text PRIMARY KEY,            -- a hash of endpoint and key
	level   double precision NOT NULL,   -- calls in the bucket
	at      timestamptz NOT NULL,        -- when that was so; all times are by the server's clock
	until   timestamptz,                 -- nobody calls before
	share   double precision NOT NULL,   -- of the nominal rate that is used
	halved  timestamptz,                 -- when that was last halved
	filled  timestamptz,                 -- when a 429 last filled the bucket
	crowded timestamptz,                 -- when somebody last had to ask again
	taken   integer NOT NULL DEFAULT 0   -- calls, by the last that asked
) WITH (fillfactor = 50)`
