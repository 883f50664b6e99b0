package reconcile

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/disk"
)

// hiddenFolder is where this machine keeps what it knows of a state, in the
// configuration's directory.
const hiddenFolder = ".gdfctl"

// machineKey is a secret that proves, of files in the configuration's directory, that
// this machine wrote them. It is kept outside of that directory, and made when it is
// needed first. Where there is no place for it, nothing is proved to later commands: it
// is nil.
func (d Deps) machineKey() []byte {
	cache, err := d.cacheDir()
	if err != nil {
		return nil
	}
	folder, name := filepath.Join(cache, "gdfctl"), "machine.key"
	// The cache can be in the repository too: a key that came with it is everybody's.
	if tracked, _ := checkout.At(folder).Tracks(context.Background(), name); tracked {
		return nil
	}
	path := filepath.Join(folder, name)
	key := readKey(path)
	if key == nil {
		makeKey(path)
		key = readKey(path) // another process may have been first
	}
	return key
}

func readKey(path string) []byte {
	text, there, err := disk.ReadAll(disk.OS{}.Open(path))
	if err != nil || !there {
		return nil
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < 32 {
		return nil
	}
	return key
}

// makeKey makes a key that is not there. What fails shows when it is read.
func makeKey(path string) {
	if disk.MakeFolder(filepath.Dir(path)) != nil {
		return
	}
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	staged, err := disk.Stage(disk.OS{}, path+"."+rand.Text(), func(w io.Writer) error {
		_, err := fmt.Fprintln(w, hex.EncodeToString(key[:]))
		return err
	})
	if err == nil {
		_ = disk.OS{}.Link(staged, path) // that of another process stays
		_ = os.Remove(staged)
	}
}

// brought refuses a directory in whose repository there are files that this machine
// keeps for itself: whoever put them there could say what was done to orders, and where
// the state is.
func (w *workspace) brought() error {
	if !w.home.shared() {
		return nil
	}
	return w.committed()
}

// committed is brought, wherever the state is kept.
func (w *workspace) committed() error {
	if _, err := os.Lstat(w.home.folder()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	// Where git can't say, what matters most is proved by the machine's key.
	if tracked, _ := checkout.At(w.source.home()).Tracks(context.Background(), hiddenFolder); !tracked {
		return nil
	}
	return errors.New(hiddenFolder + ", where this machine keeps what it knows of the state, is committed: whoever wrote it could say what was done to orders. Nothing was sent\n" +
		"Remove it from the repository, and the folder with it: git rm -r -f " + hiddenFolder)
}
