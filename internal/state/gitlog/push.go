package gitlog

import (
	"context"
	"errors"
	"strings"
)

// errMoved says that a push was not carried out because the branch does not end
// with the commit that was said.
var errMoved = errors.New("the branch ends with another commit")

// push puts a commit on a branch if the branch ends with its parent; without one,
// if there is no branch. An error other than errMoved and a
// *sharedlog.RefusedError leaves open whether it did, or will.
func (p *Place) push(ctx context.Context, ref, parent, commit string) error {
	if err := p.store.setBase(parent); err != nil {
		return err
	}
	return p.pushBehind(ctx, ref, parent, commit)
}

// pushBehind is push where the store's history begins with the parent. Without a
// commit, the branch is removed.
func (p *Place) pushBehind(ctx context.Context, ref, parent, commit string, options ...string) error {
	args := append([]string{"push", "--porcelain", "--no-progress", "--no-verify", "--no-follow-tags"}, options...)
	out, err := p.network(ctx, append(args, "--force-with-lease="+ref+":"+parent, remoteName, commit+":"+ref)...)
	return p.pushed(ref, string(out), err)
}

// pushed reads the outcome of a push from what git printed. Only what the server
// reported for the reference, or what failed before a connection was made, is
// certain.
func (p *Place) pushed(ref, report string, err error) error {
	var f *failure
	errors.As(err, &f)
	for line := range strings.Lines(report) {
		fields := strings.SplitN(strings.TrimRight(line, "\r\n"), "\t", 3)
		if len(fields) != 3 || !strings.HasSuffix(fields[1], ":"+ref) {
			continue
		}
		switch flag, summary := fields[0], fields[2]; {
		case flag != "!":
			return nil
		case strings.HasPrefix(summary, "[remote failure]"):
			return p.says("the connection ended before the server said whether it took the push")
		case isConflict(summary) && (f == nil || !strings.Contains(f.stderr, "exists; cannot create")):
			return errMoved
		case f != nil && !isTrouble(summary):
			if refused := p.declined(summary, f.stderr); refused != nil {
				return refused
			}
			fallthrough
		default:
			return p.says("the push failed: %s", foreignText(summary))
		}
	}
	switch {
	case err == nil:
		return p.says("git push did not say what it did")
	case f == nil:
		return err
	case f.late, f.err != nil && (errors.Is(f.err, context.Canceled) || errors.Is(f.err, context.DeadlineExceeded)):
		return p.says("%w: whether it was carried out is unknown", f)
	}
	if f.cutOff() {
		return p.says("the connection ended before the server said whether it took the push")
	}
	if refused := p.final(f, false); refused != nil {
		return refused
	}
	return p.says("%w", f)
}

// cutOff reports whether a connection ended while something was sent or answered.
func (f *failure) cutOff() bool {
	return saysOneOf(f.stderr, "RPC failed", "hung up unexpectedly", "unexpected disconnect")
}

// isTrouble reports whether a server says that something went wrong there. What it
// did before is not known.
func isTrouble(summary string) bool {
	return saysOneOf(strings.ToLower(summary), "internal", "server error", "timed out", "timeout")
}

// isConflict reports whether a push lost to another one: git compared the branch
// with the parent, or the server did when it took its lock.
func isConflict(summary string) bool {
	return saysOneOf(summary,
		"(stale info)", "(fetch first)", "(non-fast-forward)", "(needs force)", "(already exists)", "incorrect old value",
		"but expected", "reference already exists", "failed to update ref", "failed to lock", "cannot lock ref", "unable to lock", "atomic transaction failed")
}
