// Package forge speaks to the host of a git repository, GitHub or GitLab: it
// comments on pull requests, and finds out who approved which plan. Merge
// requests are pull requests here.
//
// What it promises:
//
//   - A token goes to one address only, which is https or on this machine. No
//     redirect is followed. No error holds a token, an address or anything that
//     an answer says, except for its status.
//   - Every answer has a bound in bytes and in time, and a comment costs at most
//     MostCalls calls.
//   - A comment is edited or deleted only if this login wrote it and its first
//     line is our mark. A plan that is newer is never overwritten by an older
//     run, as long as one of the two ends before the other one reads.
//   - What can't be read is never taken for an approval: it is an error, or stays with
//     its pull request as the reason why nothing of it can be counted.
//
// An apply asks once who approved what:
//
//	job, err := Detect(world)
//	merged, err := New(job, options).Merged(ctx, commits, since, nil)
//	reviewed, err := merged.PullRequests[0].Approved(plans)
//	hash, approvals, err := reviewed.Plan(policy.MinApprovals)
//
// Read job.go first (what the environment says), then mark.go and comment.go
// for comments, and approved.go, which is pure, for approvals; merged.go
// asks for what it needs. client.go makes the calls; github*.go and gitlab*.go know what each host calls things.
package forge
