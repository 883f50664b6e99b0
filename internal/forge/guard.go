package forge

import (
	"context"
	"strings"
)

// Answer is what the forge says to a question; Unread where this token may not ask.
type Answer int

// The answers.
const (
	Unread Answer = iota
	No
	Yes
)

func answer(is bool) Answer {
	if is {
		return Yes
	}
	return No
}

// Guard is what the forge holds people to before a branch changes. What can't be read
// is Unread, and never taken for a rule.
type Guard struct {
	PullRequest Answer // it changes by pull requests only
	Approval    Answer // which somebody approved
	Dismissed   Answer // an approval is gone when commits are added
	OtherPerson Answer // whoever added the last commits can't approve them
}

// Access is what a token may do, as far as the forge says.
type Access struct {
	Comments Answer // it can write comments
	Scopes   string // of the token, for people; empty: not known
}

// Forge is the name of the forge.
func (j *Job) Forge() string {
	if j.gitlab {
		return "GitLab"
	}
	return "GitHub"
}

// Guard reads what guards a branch. An error is a forge that can't be asked at all.
func (c *Client) Guard(ctx context.Context, branch string) (Guard, error) {
	return c.host.guard(ctx, branch)
}

// Restricted reports whether a branch can't be pushed to by everybody who can write to
// the repository.
func (c *Client) Restricted(ctx context.Context, branch string) (Answer, error) {
	return c.host.restricted(ctx, branch)
}

// Access reads what the token may do.
func (c *Client) Access(ctx context.Context) (Access, error) {
	return c.host.access(ctx)
}

// OneBranch reports whether an environment can be used from some branches only.
func (c *Client) OneBranch(ctx context.Context, environment string) (Answer, error) {
	return c.host.oneBranch(ctx, environment)
}

// unlessHidden is an error, unless it says that this token may not see what was asked
// for, or that there is no such thing on this server.
func unlessHidden(err error) error {
	if IsDenied(err) || isMissing(err) {
		return nil
	}
	return err
}

// matches reports whether a branch is one of those that a pattern with asterisks
// means.
func matches(pattern, branch string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == branch
	}
	rest, ok := strings.CutPrefix(branch, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}
