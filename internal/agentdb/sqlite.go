package agentdb

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the database of one machine

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// File is the database of one machine, in the agent's directory.
const File = "gdfctl.agent.db"

// openFile opens the file, or makes it.
func (d *DB) openFile() error {
	var err error
	if d.path, err = filepath.Abs(filepath.Join(d.Directory, File)); err != nil {
		return err
	}
	// The file is made before SQLite does it, which gives the other files of the database the mode and the
	// owner that this one has.
	if err := errors.Join(disk.MakeEmpty(d.path), disk.MakeEmpty(d.lockFile())); err != nil {
		return err
	}
	if err := usable(d.path); err != nil {
		return err
	}
	// One connection, and each transaction takes the write lock when it begins: SQLite
	// refuses a second writer at once that comes upon one later.
	source := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(d.path)}).EscapedPath(), RawQuery: url.Values{
		"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)"}, "_txlock": {"immediate"},
	}.Encode()}
	if d.sql, err = sql.Open("sqlite", source.String()); err == nil {
		d.sql.SetMaxOpenConns(1)
	}
	return err
}

// usable says what keeps this user from the file: SQLite only has a number for it.
func usable(path string) error {
	f, err := disk.OpenPlain(path, os.O_RDWR)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("the agent's database %s belongs to another user: run this as the user of the agent", safetext.Line(path))
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// lockFile is what the only agent of a file holds.
func (d *DB) lockFile() string { return d.path + ".lock" }
