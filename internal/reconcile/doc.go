// Package reconcile holds the use cases of gdfctl: what a person, a CI system or
// a schedule can ask for. Each is a function of the form
//
//	func Plan(ctx context.Context, req PlanRequest, deps Deps, observe Observer) (*PlanReport, error)
//
// The request says what is wanted, deps is the world outside (environment,
// time, transport), observe is called for what happens meanwhile, and the
// report is made of values that every view can be computed from. Nothing here
// prints, asks a terminal, knows a flag or ends the process.
//
// It promises:
//
//   - The order of the steps of an apply: lock, check the audit log, plan (or
//     open a saved plan), policy, approval, journal, calls, commit, signature,
//     unlock, and only then messages to webhooks.
//   - Everything that goes wrong is an error or a Warned event, never output.
//     A RequestError is the caller's mistake, a ConfigError is one of the
//     configuration, a PolicyError is a plan beyond the policy's limits.
//   - Observers are called one at a time, so they need no locks.
//
// Read apply.go first, then workspace.go for what every use case begins with.
package reconcile
