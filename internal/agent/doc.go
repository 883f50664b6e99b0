// Package agent runs schedules by itself: those of one directory, or of the workspaces of a
// machine's file, alone or with the agents of other machines.
//
// It promises:
//
//   - Each due time is run or counted as missed, and none is run twice: whatever is
//     killed or restarted, and when.
//   - Of one schedule, never two runs at once.
//   - A run that is stopped in the middle goes on where it was. The safety of a change
//     never rests on the queue: it is the state's lease and journal.
//   - After SIGTERM, or a pause, no further call is sent.
//   - The database is worth nothing: if it is lost, each schedule runs once.
//
// River queues runs and executes them. It does not schedule, and does not watch
// machines: due times, runs and their results are in tables of our own, and a job of
// River only reminds an agent of a run. The tables are those of internal/agentdb.
//
// Read look.go first: what is due becomes a run there. slice.go executes runs, and agent.go
// starts and stops all of it. workspaces.go says what an agent runs: directories.go has
// directories, and machine.go those of a machine's file, whose commits gitwatch.go fetches.
// serve.go and pageserver.go answer those who watch.
package agent
