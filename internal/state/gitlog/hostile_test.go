package gitlog

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// A pull request can bring a repository with hooks, and name it as the remote.
func TestARepositoryInTheCheckoutIsNotPushedTo(t *testing.T) {
	u := clones(t, stores.NewGit(t))
	ran := filepath.Join(u.home, "ran")
	brought := filepath.Join(u.clone, "brought")
	u.git(u.home, "init", "-q", "--bare", brought)
	u.write(filepath.Join(brought, "hooks", "pre-receive"), "#!/bin/sh\ntouch '"+ran+"'\n")
	for link, to := range map[string]string{"link": "brought", "bare.git": "brought", "]": "."} {
		if err := os.Symlink(to, filepath.Join(u.clone, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, remote := range []string{
		"./brought", brought, "./link", "file://" + brought, "./x/../brought/.", "file://" + u.clone + "/%62rought",
		"./bare", u.clone + "/bare//", "file://" + u.clone + "/bare", // git adds .git
		"file://localhost" + brought, "file://" + "brought", // git passes over the host
		"file:///nowhere/@[x]" + brought, "/nowhere/@[x]/brought", "./@[x]/brought", // git begins at the bracket
	} {
		p := u.place(map[string]string{"remote": remote})
		raw := sharedlog.Raw{Data: []byte("{}\n"), Kind: "init"}
		err := p.Append(t.Context(), sharedlog.Before, raw)
		if refused := (*sharedlog.RefusedError)(nil); !errors.As(err, &refused) {
			t.Errorf("%s: %v", remote, err)
		}
		if _, err := os.Lstat(ran); err == nil {
			t.Fatalf("%s: a hook of the checkout ran", remote)
		}
	}
}

// A pull request can make the folder of its configuration look like a bare repository,
// whose configuration names a program for ssh.
func TestAFolderThatLooksLikeABareRepositoryIsNotAsked(t *testing.T) {
	u := clones(t, stores.NewGit(t))
	ran := filepath.Join(u.home, "ran")
	u.dir = filepath.Join(u.clone, "shop")
	u.git(u.home, "init", "-q", "--bare", u.dir)
	u.write(filepath.Join(u.home, "evil.sh"), "#!/bin/sh\ntouch '"+ran+"'\nexit 1\n")
	u.git(u.dir, "config", "core.sshCommand", filepath.Join(u.home, "evil.sh"))
	_, err := u.place(map[string]string{"remote": "ssh://127.0.0.1:1/x"}).Read(t.Context(), -1)
	if err == nil || !strings.Contains(err.Error(), "bare repository") {
		t.Error(err)
	}
	if _, err := os.Lstat(ran); err == nil {
		t.Fatal("a program that the checkout names ran")
	}
}
