package agentdb

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

func opened(t *testing.T, dir string) *DB {
	t.Helper()
	if strconv.IntSize < 64 {
		t.Skip("an agent needs a 64-bit system")
	}
	d, err := Open(context.Background(), Options{Directory: dir, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func change(t *testing.T, d *DB, statement string) {
	t.Helper()
	if _, err := d.sql.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// A file that holds something is copied before it is migrated; a new one is not.
func TestAMigrationBeginsWithACopy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := opened(t, dir)
	backup := filepath.Join(dir, File+".schema-0")
	if _, err := os.Stat(backup); err == nil {
		t.Error("an empty file was copied")
	}
	if info, err := os.Stat(filepath.Join(dir, File)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for _, table := range []string{"schedules", "pauses", "runs", "results", "agents", "workspaces", "missed", "states", "listed", "meta"} {
		change(t, d, "DROP TABLE gdfctl_"+table)
	}
	d.Close()
	again := opened(t, dir)
	if at, needs, err := again.version(context.Background()); at != 3 || needs != 2 || err != nil {
		t.Errorf("schema %d, from %d, %v", at, needs, err)
	}
	if _, err := os.Stat(backup); err != nil {
		t.Error(err)
	}
}

// A newer schema can be used if it says so, and else not.
func TestANewerSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	change(t, opened(t, dir), "UPDATE gdfctl_meta SET schema = 4, min_program = 3")
	change(t, opened(t, dir), "UPDATE gdfctl_meta SET schema = 5, min_program = 4")
	if _, err := Open(context.Background(), Options{Directory: dir, Now: time.Now}); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// Nothing is migrated under the hands of an agent.
func TestNothingIsMigratedWhileAnAgentRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := opened(t, dir)
	change(t, d, "DROP TABLE gdfctl_meta")
	lock, err := disk.TryLock(d.lockFile())
	if err != nil || lock == nil {
		t.Fatal(lock, err)
	}
	defer lock.Release()
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // nobody waits for it
	if _, err := Open(ctx, Options{Directory: dir, Now: time.Now}); err == nil {
		t.Error("it was migrated")
	}
}

// A link in the place of the database is not followed.
func TestALinkIsNoDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, File)); err != nil {
		t.Skip("no links here: ", err)
	}
	if _, err := Open(context.Background(), Options{Directory: dir, Now: time.Now}); !errors.Is(err, disk.ErrLink) {
		t.Errorf("got %v", err)
	}
}

// What the program before wrote is read, and its file is kept as it was.
func TestAFileOfSchemaOne(t *testing.T) {
	t.Parallel()
	if strconv.IntSize < 64 {
		t.Skip("an agent needs a 64-bit system")
	}
	written, err := os.ReadFile(filepath.Join("testdata", "schema-1.sql"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, err := sql.Open("sqlite", filepath.Join(dir, File))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Exec(string(written)); err != nil {
		t.Fatal(err)
	}
	file.Close()

	d, ctx := opened(t, dir), context.Background()
	if at, _, err := d.version(ctx); at != 3 || err != nil {
		t.Errorf("schema %d, %v", at, err)
	}
	schedules, err := d.Schedules(ctx)
	if err != nil || len(schedules) != 1 || schedules[0].Name != "feeds" || schedules[0].Missed != 1 || schedules[0].Run != "" {
		t.Errorf("%+v, %v", schedules, err)
	}
	runs, err := d.Recent(ctx, "s1", 10)
	if err != nil || len(runs) != 1 || runs[0].Message != "6 feeds checked, 0 failing" || runs[0].Commit != "" || runs[0].State != Done {
		t.Errorf("%+v, %v", runs, err)
	}
	pauses, err := d.Pauses(ctx)
	if p := pauses.Of("s1", "feeds"); err != nil || p == nil || p.Who != "ann" {
		t.Errorf("%+v, %v", pauses, err)
	}
	before, err := sql.Open("sqlite", filepath.Join(dir, File+".schema-1"))
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	var at int
	if err := before.QueryRow(`SELECT schema FROM gdfctl_meta`).Scan(&at); err != nil || at != 1 {
		t.Errorf("the copy has schema %d, %v", at, err)
	}
}
