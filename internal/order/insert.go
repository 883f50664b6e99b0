package order

import "strings"

// InsertPrefix begins the names of orders that are to be inserted. It keeps them
// apart from the API's own ids.
const InsertPrefix = "insert:"

// InsertID is what an order is called that gdfctl inserts: the API gives it an id only
// when it is there, and what was sent must be known before. The same order has the same
// name in every plan, journal and state, whatever the table is called that wants it.
func InsertID(source, number string) string {
	return InsertPrefix + SourceKey(source) + "/" + strings.TrimSpace(number)
}

// IsInsertID reports whether an id is one of InsertID. Nothing can be read from the API
// under it.
func IsInsertID(id string) bool { return strings.HasPrefix(id, InsertPrefix) }
