package stores

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Database is one database of a server.
type Database struct {
	*PostgresServer
	Name string
	// URL is that of a role which owns the database, and nothing else.
	URL string
}

var databases atomic.Int64

// Database makes a database, which its server takes with it.
func (s *PostgresServer) Database(t testing.TB) *Database {
	t.Helper()
	n := databases.Add(1)
	db := &Database{PostgresServer: s, Name: fmt.Sprintf("test%d", n)}
	owner := fmt.Sprintf("owner%d", n)
	db.URL = s.role(t, owner, db.Name)
	s.query(t, "postgres", fmt.Sprintf("CREATE DATABASE %s OWNER %s", db.Name, owner))
	return db
}

// Role makes a role that can log in and has no right on anything of others, and
// returns its name and its URL.
func (db *Database) Role(t testing.TB) (name, url string) {
	t.Helper()
	name = fmt.Sprintf("role%d", databases.Add(1))
	return name, db.role(t, name, db.Name)
}

func (s *PostgresServer) role(t testing.TB, name, database string) string {
	t.Helper()
	password := "canary/" + name + "@secret"
	s.query(t, "postgres", fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD '%s'", name, password))
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(name, password), Path: "/" + database,
		Host: s.Address, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Query executes SQL as an administrator and returns the first column of what it
// returns.
func (db *Database) Query(t testing.TB, sql string) []string {
	t.Helper()
	return db.query(t, db.Name, sql)
}

// Through is a URL of the database by another address, such as that of a Proxy.
func (db *Database) Through(address string) string {
	u, err := url.Parse(db.URL)
	if err != nil {
		panic(err) // Database made it
	}
	u.Host = address
	return u.String()
}

// socketURL is how an administrator connects.
func (s *PostgresServer) socketURL(database string) string {
	return fmt.Sprintf("host=%s port=%s user=postgres dbname=%s", s.folder, s.port, database)
}

// query executes a statement as administrator and returns the first column.
func (s *PostgresServer) query(t testing.TB, database, sql string) []string {
	t.Helper()
	column, err := s.tryQuery(database, sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return column
}

func (s *PostgresServer) tryQuery(database, sql string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgconn.Connect(ctx, s.socketURL(database))
	if err != nil {
		return nil, err
	}
	results, err := conn.Exec(ctx, sql).ReadAll()
	var column []string
	for _, result := range results {
		for _, row := range result.Rows {
			column = append(column, string(row[0]))
		}
	}
	return column, errors.Join(err, conn.Close(ctx))
}
