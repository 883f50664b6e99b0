// Package calendar holds days without a time: "2026-11-26" as written in an
// export. What moment a day begins at is a question of the zone, and nobody
// but the caller knows the zone.
//
// Read day.go.
package calendar
