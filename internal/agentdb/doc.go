// Package agentdb is the database of agents: schedules and when they are due, runs and
// their results, pauses, the commits of workspaces that are in force, and which agents are running.
//
// It promises:
//
//   - SQL of agents stands nowhere else. Who calls sees rows and times.
//   - A schedule moves, a run is claimed and a commit comes into force by compare and
//     set: of those who try at once, one succeeds.
//   - A file is copied before it is migrated, and nothing is migrated under the hands of
//     an agent.
//
// The database is worth nothing: if it is lost, each schedule runs once.
//
// Read db.go first, then tables.go. The rows have a file each: schedules.go, runs.go,
// results.go, days.go, pauses.go, agents.go and workspaces.go.
package agentdb
