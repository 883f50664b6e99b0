package agentdb

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the database of one machine

	"github.com/gdfctl/gdfctl/internal/disk"
)

// File is the database of one machine, in the agent's directory.
const File = "gdfctl.agent.db"

// openFile opens the file, or makes it.
func (d *DB) openFile() error {
	var err error
	if d.path, err = filepath.Abs(filepath.Join(d.Directory, File)); err != nil {
		return err
	}
	if err := ownersAlone(d.path); err != nil {
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

// ownersAlone makes the file before SQLite does, which gives the other files of the
// database the mode that this one has.
func ownersAlone(path string) error {
	if info, err := os.Lstat(path); err == nil {
		if !info.Mode().IsRegular() {
			return &os.PathError{Op: "open", Path: path, Err: disk.ErrLink}
		}
		return nil
	}
	f, err := disk.OS{}.Append(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// lockFile is what the only agent of a file holds.
func (d *DB) lockFile() string { return d.path + ".lock" }
