package gitlog

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// fetched is the reference of the store that a fetch writes.
const fetched = "refs/heads/fetched"

// ownSettings hold for all commands in the store. Nothing of the user's hooks,
// signatures and maintenance takes part in them.
var ownSettings = []setting{
	{"core.hooksPath", os.DevNull},
	{"core.fsmonitor", "false"},
	{"core.longPaths", "true"},
	{"core.fsync", "committed,loose-object"},
	{"gc.auto", "0"},
	{"maintenance.auto", "false"},
	{"fetch.recurseSubmodules", "false"},
	{"push.recurseSubmodules", "no"},
	{"push.gpgSign", "false"},
	{"push.followTags", "false"},
	{"push.useForceIfIncludes", "false"},
	{"credential.interactive", "false"},
}

// local runs a command in the store that needs no server.
func (p *Place) local(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	env := append(checkout.Environment(p.environ, false), p.store.env()...)
	env = append(env, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	out, err := p.run(ctx, command{dir: p.target.dir, env: append(env, configuration(ownSettings)...), args: args, stdin: stdin})
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return nil, p.says("%w", err)
	}
	return nil, p.says("%w\nIf it happens again, remove %s: what is in it is fetched again", err, p.store.dir)
}

// network runs a command in the store that speaks with the server, in the way that
// the user's configuration says.
func (p *Place) network(ctx context.Context, args ...string) ([]byte, error) {
	return p.networkWith(ctx, nil, args...)
}

// networkWith is network with more variables.
func (p *Place) networkWith(ctx context.Context, variables []string, args ...string) ([]byte, error) {
	t := p.target
	settings := append([]setting{{"remote." + remoteName + ".url", t.url}}, ownSettings...)
	env := append(checkout.Environment(p.environ, false), p.store.env()...)
	env = append(append(env, variables...), "GIT_ALLOW_PROTOCOL="+checkout.Transport(t.url))
	switch checkout.Transport(t.url) {
	case "file":
		// The other repository is opened with the user's configuration as it is: it says
		// which owners of repositories are trusted.
	case "ssh":
		env = append(env, quietSSH(env, t.settings)...)
		fallthrough
	default:
		// All of the user's configuration that matters here is in the settings. Read a
		// second time, it would send a header twice, which servers refuse.
		env = append(env, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
		settings = append(t.settings[:len(t.settings):len(t.settings)], settings...)
	}
	c := command{dir: t.dir, env: append(env, configuration(settings)...), args: args}
	out, err := p.run(ctx, c)
	// Where a connection ends while git asks what the server can do, it blames the
	// credentials. Nothing was sent then, so it is asked again.
	if f := (*failure)(nil); errors.As(err, &f) && f.stdout == "" && !f.late && !f.cutOff() && p.final(f, true) != nil {
		return p.run(ctx, c)
	}
	return out, err
}

// quietSSH has ssh fail instead of asking for a password, where the command is
// known to be OpenSSH's.
func quietSSH(env []string, settings []setting) []string {
	ssh := "ssh"
	for _, s := range settings {
		switch s.key {
		case "core.sshcommand":
			ssh = s.value
		case "ssh.variant":
			if s.value != "ssh" {
				return nil
			}
		}
	}
	for _, variable := range env {
		name, value, _ := strings.Cut(variable, "=")
		switch name {
		case "GIT_SSH_COMMAND":
			ssh = value
		case "GIT_SSH", "GIT_SSH_VARIANT":
			if value != "ssh" {
				return nil
			}
		}
	}
	words := strings.Fields(ssh)
	if len(words) == 0 || strings.TrimSuffix(filepath.Base(strings.Trim(words[0], `"'`)), ".exe") != "ssh" {
		return nil
	}
	return []string{"GIT_SSH_COMMAND=" + ssh + " -o BatchMode=yes"}
}

// refresh looks where the branch ends now. Only if that changed, something is
// fetched.
func (p *Place) refresh(ctx context.Context) (*tip, error) {
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	commit, err := p.remoteCommit(ctx)
	if err != nil {
		return nil, p.readFailed(err)
	}
	if p.tip != nil && p.tip.commit == commit {
		return p.tip, nil
	}
	if commit == "" {
		p.tip, _ = newTip("", nil)
		return p.tip, nil
	}
	if len(commit) != 40 {
		return nil, p.refusedRead("the repository names objects by SHA-256", "Use a repository with SHA-1 names, as git makes them by default.")
	}
	t, err := p.fetch(ctx, commit)
	if err != nil {
		return nil, err
	}
	p.tip = t
	return t, nil
}

// remoteCommit is the commit that the branch ends with, or empty.
func (p *Place) remoteCommit(ctx context.Context) (string, error) {
	out, err := p.network(ctx, "ls-remote", "--quiet", remoteName, p.ref)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(out)) {
		if commit, ref, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok && ref == p.ref {
			return commit, nil
		}
	}
	return "", nil
}

// fetch gets the tree of the branch's last commit: of what is missing behind the
// commit that is known, or all of it where that one is of no use any more.
func (p *Place) fetch(ctx context.Context, commit string) (*tip, error) {
	last := p.store.last()
	if last == commit {
		if t, err := p.load(ctx, commit); err == nil {
			return t, nil
		}
	}
	base := last
	if p.tip != nil && p.tip.commit != "" {
		base = p.tip.commit
	}
	if base != "" {
		if t, err := p.fetchBehind(ctx, base); err == nil || p.isFinal(err) || ctx.Err() != nil {
			return t, err
		}
	}
	return p.fetchBehind(ctx, "")
}

func (p *Place) fetchBehind(ctx context.Context, base string) (*tip, error) {
	if err := p.store.setBase(base); err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(p.store.own, filepath.FromSlash(fetched))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	args := []string{"fetch", "--quiet", "--no-tags", "--depth=1", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"}
	if base != "" {
		args = append(args, "--negotiation-tip="+base)
	}
	if _, err := p.network(ctx, append(args, remoteName, "+"+p.ref+":"+fetched)...); err != nil {
		return nil, p.readFailed(err)
	}
	out, err := p.local(ctx, nil, "rev-parse", "--verify", fetched)
	if err != nil {
		return nil, err
	}
	t, err := p.load(ctx, strings.TrimSpace(string(out)))
	if err != nil {
		return nil, err
	}
	p.store.setLast(t.commit)
	return t, nil
}

// load reads the tree of a commit that is in the store, and its last record.
func (p *Place) load(ctx context.Context, commit string) (*tip, error) {
	out, err := p.local(ctx, nil, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for item := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		about, name, _ := strings.Cut(item, "\t")
		if words := strings.Fields(about); len(words) == 3 && words[1] == "blob" {
			files[name] = words[2]
		}
	}
	t, err := newTip(commit, files)
	if err != nil {
		return nil, p.says("%w", err)
	}
	if len(t.log) > 0 {
		data, err := p.catFile(ctx, []string{files[t.log[len(t.log)-1].path]})
		if err != nil {
			return nil, err
		}
		t.last.Hash = sharedlog.HashOf(data[0])
	}
	return t, nil
}

// blobs reads objects of the tip. Those that are missing on this machine, after a
// crash or because another process removed what it held for old, are fetched again.
func (p *Place) blobs(ctx context.Context, objects []string) ([][]byte, error) {
	if len(objects) == 0 {
		return nil, nil
	}
	data, err := p.catFile(ctx, objects)
	if err == nil || ctx.Err() != nil {
		return data, err
	}
	if _, err := p.fetchBehind(ctx, ""); err != nil {
		return nil, err
	}
	return p.catFile(ctx, objects)
}

// catFile reads objects that are in the store.
func (p *Place) catFile(ctx context.Context, objects []string) ([][]byte, error) {
	out, err := p.local(ctx, []byte(strings.Join(objects, "\n")+"\n"), "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	found := make([][]byte, 0, len(objects))
	for _, object := range objects {
		header, rest, _ := bytes.Cut(out, []byte("\n"))
		words := strings.Fields(string(header))
		if len(words) != 3 || words[1] != "blob" {
			return nil, p.says("object %s is missing in %s: remove the folder, and what is in it is fetched again", object, p.store.dir)
		}
		size, err := strconv.Atoi(words[2])
		if err != nil || size < 0 || size >= len(rest) {
			return nil, p.says("git cat-file: the answer is cut off")
		}
		found, out = append(found, rest[:size:size]), rest[size+1:]
	}
	return found, nil
}
