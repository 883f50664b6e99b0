// Package schedule computes when something is due: every so often, or at the local
// times of a cron expression. It is pure: no clock, no files.
//
// It promises:
//
//   - Due times depend on the schedule alone, so no restart moves them.
//   - A local time that a change of the clocks skips is due at the first minute
//     after it. One that comes twice is due the first time.
//   - An expression whose minutes are steps, such as */10, is due on every real
//     minute that matches, also in an hour that comes twice.
//   - Due times that passed unseen are one: the latest, and a count of the others.
//
// Read times.go first, then local.go for what the clocks of a zone do.
package schedule
