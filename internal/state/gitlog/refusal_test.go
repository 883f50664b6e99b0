package gitlog

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// wantRefused checks that an error is a final one, says why and what to do, and
// shows no credential.
func wantRefused(t *testing.T, err error, reason, remedy string) {
	t.Helper()
	var refused *sharedlog.RefusedError
	if !errors.As(err, &refused) {
		t.Errorf("error %v, expected a RefusedError", err)
		return
	}
	if !strings.Contains(refused.Reason, reason) || !strings.Contains(refused.Remedy, remedy) {
		t.Errorf("error %v, expected %q and %q", err, reason, remedy)
	}
	wantNoSecret(t, err)
}

func wantNoSecret(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{stores.GitPassword, "writer:", "private_token", "t0ken"} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("a credential is shown: %v", err)
		}
	}
}

func TestServersThatRefuseAPush(t *testing.T) {
	const head = `echo "remote text" >&2; `
	for name, test := range map[string]struct{ hook, script, reason, remedy string }{
		"a hook": {
			"pre-receive", `echo "Only the release team pushes here. See https://ann:t0ken@wiki.example/push?private_token=t0ken" >&2; exit 1`,
			"Only the release team pushes here", "Exempt the branches gdfctl-state/*",
		},
		"an update hook":      {"update", "exit 1", "a rule or hook of the server", "Exempt"},
		"a protected branch":  {"pre-receive", head + `echo "error: GH006: Protected branch update failed for refs/heads/gdfctl-state/main." >&2; exit 1`, "the branch is protected", "Exempt"},
		"a ruleset":           {"pre-receive", `echo "error: GH013: Repository rule violations found for refs/heads/gdfctl-state/main." >&2; exit 1`, "a ruleset of the repository", "Exempt"},
		"required signatures": {"pre-receive", `echo "error: GH013: Repository rule violations found. - Commits must have verified signatures." >&2; exit 1`, "requires signed commits", "Exempt"},
		"GitLab":              {"pre-receive", `echo "GitLab: You are not allowed to push code to protected branches on this project." >&2; exit 1`, "the branch is protected", "Exempt"},
		"a size":              {"pre-receive", `echo "error: GH001: Large files detected." >&2; exit 1`, "larger than the server allows", "limit"},
		"LFS":                 {"pre-receive", `echo "error: GH008: Your push referenced at least 1 unknown Git LFS object" >&2; exit 1`, "LFS", "Exempt"},
	} {
		t.Run(name, func(t *testing.T) {
			g := stores.NewGit(t)
			p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
			prev := add(t, p, sharedlog.Before, "first")
			g.Hook(test.hook, test.script)
			r := record(prev, "refused")
			for range 2 {
				wantRefused(t, p.Append(t.Context(), prev, r), test.reason, test.remedy)
			}
			_, err := place(t, t.TempDir(), map[string]string{"remote": g.URL(), "name": "new"}).Prove(t.Context())
			wantRefused(t, err, test.reason, test.remedy)
			g.RemoveHook(test.hook)
			insist(t, p, prev, r)
			wantLog(t, g.URL(), record(sharedlog.Before, "first"), r)
		})
	}
}

// Rules for adding to a branch differ from those for making one.
func TestAProbeAddsToTheBranchToo(t *testing.T) {
	g := stores.NewGit(t)
	g.Hook("update", `test "$2" = 0000000000000000000000000000000000000000 || { echo "Changes must be made through a pull request: protected branch" >&2; exit 1; }`)
	p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	_, err := p.Prove(t.Context())
	wantRefused(t, err, "the branch is protected", "Exempt")
	g.RemoveHook("update")
	if _, err := p.Prove(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := record(sharedlog.Before, "first")
	if err := p.Append(t.Context(), sharedlog.Before, first); err != nil {
		t.Fatal(err)
	}
	if files := g.Git("ls-tree", "-r", "--name-only", "gdfctl-state/main"); files != "README.md\nlog/2026-11-27/000000000-outcomes.json" {
		t.Errorf("the branch holds\n%s", files)
	}
}

// A branch beside the one of a log may be made, and not be removed again.
func TestAProbeThatStaysIsReported(t *testing.T) {
	g := stores.NewGit(t)
	p := place(t, t.TempDir(), map[string]string{"remote": g.URL()})
	add(t, p, sharedlog.Before, "first")
	g.Git("config", "receive.denyDeletes", "true")
	warnings, err := p.Prove(t.Context())
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "gdfctl-state/main.probe-") {
		t.Error(warnings, err)
	}
	g.Git("config", "receive.denyDeletes", "false")
	if warnings, err := p.Prove(t.Context()); err != nil || len(warnings) != 0 {
		t.Error(warnings, err)
	}
}

func TestCredentialsThatAreNotEnough(t *testing.T) {
	g := stores.NewGit(t)
	h := g.Serve(t)
	first := record(sharedlog.Before, "first")
	add(t, place(t, t.TempDir(), map[string]string{"remote": h.URL(stores.GitWriter)}), sharedlog.Before, "first")

	reads := place(t, t.TempDir(), map[string]string{"remote": h.URL(stores.GitReader)})
	wantLog(t, h.URL(stores.GitReader), first)
	wantRefused(t, reads.Append(t.Context(), first.Position(), record(first.Position(), "no")), "the credentials don't allow it (Write access to repository not granted.)", "contents: write")
	_, err := reads.Prove(t.Context())
	wantRefused(t, err, "the credentials don't allow it", "contents: write")

	for name, remote := range map[string]string{
		"none":    h.URL(""),
		"unknown": strings.Replace(h.URL(stores.GitWriter), stores.GitWriter, "nobody", 1),
	} {
		t.Run(name, func(t *testing.T) {
			p := place(t, t.TempDir(), map[string]string{"remote": remote})
			_, err := p.Read(t.Context(), -1)
			wantRefused(t, err, "the server does not accept the credentials", "helper")
			wantRefused(t, p.Append(t.Context(), sharedlog.Before, first), "the server does not accept the credentials", "helper")
		})
	}
	wantLog(t, h.URL(stores.GitWriter), first)
}

func TestPlacesThatAreNotThere(t *testing.T) {
	g := stores.NewGit(t)
	u := clones(t, g)
	read := func(dir string, attributes map[string]string) error {
		u.dir = dir
		_, err := u.place(attributes).Read(t.Context(), -1)
		wantNoSecret(t, err)
		return err
	}
	empty := t.TempDir()
	wantRefused(t, read(u.clone, map[string]string{"remote": "upstream"}), "no remote of that name", "git remote")
	wantRefused(t, read(empty, nil), "not in a git repository", "clone")
	wantRefused(t, read(empty, map[string]string{"remote": filepath.Join(empty, "none.git")}), "no such repository", "remote")
	u.git(u.clone, "remote", "set-url", "origin", "ext::sh -c 'touch "+filepath.Join(empty, "ran")+"'")
	wantRefused(t, read(u.clone, nil), "protocol", "https://")
	if there(filepath.Join(empty, "ran")) {
		t.Error("a command of the remote's URL was run")
	}
	for _, closed := range []string{freePort(t), "http://nowhere.invalid:1"} {
		err := read(empty, map[string]string{"remote": strings.Replace(closed, "nowhere.invalid", "localhost", 1) + "/shop.git"})
		var refused *sharedlog.RefusedError
		if err == nil || errors.As(err, &refused) || errors.Is(err, sharedlog.ErrNoLog) {
			t.Errorf("nobody listens: error %v, expected one that leaves it open", err)
		}
	}
	p := u.place(nil)
	p.environ = append(p.environ, "PATH="+empty)
	t.Setenv("PATH", empty)
	_, err := p.Read(t.Context(), -1)
	wantRefused(t, err, "git was not found", "Install")
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://writer:t0ken@" + l.Addr().String()
}

// Whoever may add files to a repository could otherwise say what the branch holds.
func TestAStoreThatIsCommittedIsNotUsed(t *testing.T) {
	g := stores.NewGit(t)
	u := clones(t, g)
	u.write(filepath.Join(u.clone, ".gdfctl", "git", "main-0", "last"), "1")
	u.git(u.clone, "add", "--force", ".gdfctl")
	_, err := u.place(nil).Read(t.Context(), -1)
	wantRefused(t, err, ".gdfctl/git", "git rm")

	link := t.TempDir()
	if err := os.Symlink(u.home, filepath.Join(link, ".gdfctl")); err != nil {
		t.Fatal(err)
	}
	if _, err := place(t, link, map[string]string{"remote": g.URL()}).Read(t.Context(), -1); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Error(err)
	}
}

func TestWhatWasPushedIsKnownFromTheReportAlone(t *testing.T) {
	p := place(t, t.TempDir(), map[string]string{"remote": "https://example.com/shop.git"})
	const ref, line = "refs/heads/gdfctl-state/main", "\tabc:refs/heads/gdfctl-state/main\t"
	exit := func(stderr string) error {
		return &failure{verb: "push", stderr: stderr, err: errors.New("exit status 1")}
	}
	for _, test := range []struct {
		report string
		err    error
		want   string
	}{
		{"To x\n*" + line + "[new branch]\nDone\n", nil, "done"},
		{"To x\n " + line + "a..b\nDone\n", nil, "done"},
		{"To x\n=" + line + "[up to date]\nDone\n", nil, "done"},
		{"To x\n " + line + "a..b\n", exit("fatal: the remote end hung up unexpectedly"), "done"},
		{"To x\nDone\n", nil, "unknown"},
		{"", exit(""), "unknown"},
		{"To x\n!" + line + "[rejected] (stale info)\nDone\n", exit(""), "moved"},
		{"To x\n!" + line + "[remote rejected] (failed to update ref)\nDone\n", exit("remote: error: cannot lock ref"), "moved"},
		{"To x\n!" + line + "[remote rejected] (incorrect old value provided)\nDone\n", exit(""), "moved"},
		{"To x\n!" + line + "[remote rejected] (pre-receive hook declined)\nDone\n", exit(""), "refused"},
		{"To x\n!" + line + "[remote rejected] (Internal Server Error)\nDone\n", exit("remote: permission denied"), "unknown"},
		{"To x\n!" + line + "[remote failure] (remote failed to report status)\nDone\n", exit("remote: pre-receive hook declined"), "unknown"},
		{"", exit("fatal: unable to access 'https://ann:t0ken@example.com/': The requested URL returned error: 403"), "refused"},
		{"", exit("ERROR: Permission to o/shop.git denied to deploy key\nfatal: Could not read from remote repository."), "refused"},
		{"", exit("error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\nsend-pack: unexpected disconnect"), "unknown"},
		{"", exit("fatal: unable to access 'https://example.com/': Could not resolve host: example.com"), "unknown"},
		{"", &failure{verb: "push", late: true, err: errors.New("killed"), stderr: "fatal: Authentication failed"}, "unknown"},
	} {
		err := p.pushed(ref, test.report, test.err)
		wantNoSecret(t, err)
		got := "unknown"
		var refused *sharedlog.RefusedError
		switch {
		case err == nil:
			got = "done"
		case errors.Is(err, errMoved):
			got = "moved"
		case errors.As(err, &refused):
			got = "refused"
		}
		if got != test.want {
			t.Errorf("%q %v: %s (%v), expected %s", test.report, test.err, got, err, test.want)
		}
	}
}

func TestReadingNeedsNoRightToWrite(t *testing.T) {
	p := place(t, t.TempDir(), nil)
	err := p.readFailed(&failure{verb: "ls-remote", err: errors.New("exit status 128"), stderr: "remote: The organization enforces SAML SSO.\n" +
		"fatal: unable to access 'https://ann:t0ken@example.com/': The requested URL returned error: 403"})
	wantRefused(t, err, "don't allow it (The organization enforces SAML SSO.)", "right to read")
	if !strings.Contains(err.Error(), "can't be read") {
		t.Error(err)
	}
}

func TestPublicRepositories(t *testing.T) {
	for _, public := range []bool{false, true} {
		for _, said := range []string{"false", "true"} {
			t.Run(fmt.Sprint(public, said), func(t *testing.T) {
				h := stores.NewGit(t).Serve(t)
				h.Public = public
				u := &user{t: t, home: t.TempDir()}
				u.dir = u.home
				u.git(u.home, "config", "--global", "credential.helper", "!f() { echo username=writer; echo password="+stores.GitPassword+"; }; f")
				host := strings.TrimPrefix(h.Host(), "http://")
				u.write(filepath.Join(u.home, ".netrc"), "machine "+host[:strings.Index(host, ":")]+" login writer password "+stores.GitPassword+"\n")
				p := u.place(map[string]string{"remote": h.URL(stores.GitWriter), "public": said})
				warnings, err := p.Prove(t.Context())
				if public && said == "false" {
					wantRefused(t, err, "everybody can read the repository", "public = true")
				} else if err != nil || len(warnings) > 0 {
					t.Error(warnings, err)
				}
			})
		}
	}
}

func TestOpenAddress(t *testing.T) {
	u := &user{t: t, home: t.TempDir()}
	u.write(filepath.Join(u.home, "bin", "ssh"), "#!/bin/sh\ncase $2 in work) echo 'user git'; echo 'hostname github.com';; *) echo \"hostname $2\";; esac\n")
	t.Setenv("PATH", filepath.Join(u.home, "bin"))
	p := place(t, u.home, nil)
	p.target = &target{dir: u.home}
	for remote, want := range map[string]string{
		"https://ann:t0ken@example.com/o/shop.git": "https://example.com/o/shop.git",
		"git@github.com:o/shop.git":                "https://github.com/o/shop.git",
		"github.com:o/shop":                        "https://github.com/o/shop",
		"ssh://git@example.com:2222/o/shop.git":    "https://example.com/o/shop.git",
		"ssh://git@ssh.github.com:443/o/shop.git":  "https://github.com/o/shop.git",
		"work:o/shop.git":                          "https://github.com/o/shop.git",
		"ssh://git@[::1]/o/shop.git":               "https://[::1]/o/shop.git",
		"/srv/git/shop.git":                        "",
		"file:///srv/git/shop.git":                 "",
	} {
		if got := p.openAddress(t.Context(), remote); got != want {
			t.Errorf("%s: %s, expected %s", remote, got, want)
		}
	}
}

func TestSSHIsToAskNothing(t *testing.T) {
	for _, test := range []struct {
		env      []string
		settings []setting
		want     string
	}{
		{nil, nil, "ssh -o BatchMode=yes"},
		{nil, []setting{{"core.sshcommand", "ssh -i /keys/shop"}}, "ssh -i /keys/shop -o BatchMode=yes"},
		{[]string{"GIT_SSH_COMMAND=/usr/bin/ssh -v"}, []setting{{"core.sshcommand", "ssh -i /keys/shop"}}, "/usr/bin/ssh -v -o BatchMode=yes"},
		{nil, []setting{{"core.sshcommand", "plink -batch"}}, ""},
		{nil, []setting{{"ssh.variant", "putty"}}, ""},
		{[]string{"GIT_SSH=/opt/wrapper"}, nil, ""},
		{[]string{"GIT_SSH_VARIANT=tortoiseplink"}, nil, ""},
	} {
		want := []string{"GIT_SSH_COMMAND=" + test.want}
		if test.want == "" {
			want = nil
		}
		if got := quietSSH(test.env, test.settings); !slices.Equal(got, want) {
			t.Errorf("%v %v: %v, expected %v", test.env, test.settings, got, want)
		}
	}
}
