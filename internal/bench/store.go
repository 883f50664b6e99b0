package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

// store is where a state is kept, and what is known of it from outside.
type store struct {
	name    string
	block   string // the attributes of its backend
	env     []string
	line    *line
	prepare func(ctx context.Context, dir string) error
	records func() (int, error) // how many there are
	bytes   func() (int64, error)
}

// open makes the stores, each with nothing in it, that far away. The first is files of
// this machine.
func openStores(o *owner, roundTrip time.Duration) []*store {
	return []*store{{name: "local"}, gitStore(o, roundTrip), s3Store(o, roundTrip), postgresStore(o, roundTrip)}
}

// onEach does the same on each store, side by side.
func onEach[T any](all []*store, do func(*store) (T, error)) ([]T, error) {
	results, failed := make([]T, len(all)), make([]error, len(all))
	var wg sync.WaitGroup
	for i, s := range all {
		wg.Go(func() { results[i], failed[i] = do(s) })
	}
	wg.Wait()
	for i, err := range failed {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", all[i].name, err)
		}
	}
	return results, nil
}

// gitStore is a repository behind git's own HTTP server. The credentials are where
// the checkout of a CI job puts them, in a header: nothing is tried without them first.
func gitStore(o *owner, roundTrip time.Duration) *store {
	repository := stores.NewGit(o)
	server := repository.Serve(o)
	l := newLine(o, strings.TrimPrefix(server.Host(), "http://"), roundTrip)
	host := "http://" + l.Address
	url := host + strings.TrimPrefix(server.URL(""), server.Host())
	header := "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(stores.GitWriter+":"+stores.GitPassword))
	const ref = "refs/heads/gdfctl-state/main"
	return &store{
		name: "git", line: l,
		prepare: func(ctx context.Context, dir string) error {
			for _, args := range [][]string{{"init", "-q"}, {"remote", "add", "origin", url}, {"config", "http." + host + "/.extraheader", header}} {
				cmd := exec.CommandContext(ctx, "git", args...)
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
				}
			}
			return nil
		},
		records: func() (int, error) { return strconv.Atoi(repository.Git("rev-list", "--count", ref)) },
		bytes: func() (int64, error) {
			repository.Git("repack", "-q", "-a", "-d")
			return folderSize(filepath.Join(repository.Dir, "objects", "pack"))
		},
	}
}

// s3Store is a bucket.
func s3Store(o *owner, roundTrip time.Duration) *store {
	bucket := stores.S3(o)
	l := newLine(o, strings.TrimPrefix(bucket.Endpoint, "http://"), roundTrip)
	s := &store{
		name: "S3", line: l,
		block:   fmt.Sprintf("bucket = %q\nprefix = \"main\"\nregion = %q\nendpoint = %q\n", bucket.Name, bucket.Region, "http://"+l.Address),
		records: func() (int, error) { return countFiles(filepath.Join(bucket.Folder, "main", "log")) },
		bytes:   func() (int64, error) { return folderSize(bucket.Folder) },
	}
	for name, value := range bucket.Env() {
		s.env = append(s.env, name+"="+value)
	}
	return s
}

// postgresStore is a database.
func postgresStore(o *owner, roundTrip time.Duration) *store {
	db := stores.Postgres(o)
	l := newLine(o, db.Address, roundTrip)
	number := func(sql string) (int64, error) { return strconv.ParseInt(db.Query(o, sql)[0], 10, 64) }
	return &store{
		name: "PostgreSQL", line: l,
		block: "url = env.GDF_DATABASE_URL\n",
		env:   []string{"GDF_DATABASE_URL=" + db.Through(l.Address)},
		records: func() (int, error) {
			n, err := number(`SELECT count(*) FROM gdfctl.record`)
			return int(n), err
		},
		bytes: func() (int64, error) {
			return number(`SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'gdfctl'::regnamespace`)
		},
	}
}

func countFiles(dir string) (n int, err error) {
	err = eachFile(dir, func(fs.FileInfo) { n++ })
	return n, err
}

func folderSize(dir string) (size int64, err error) {
	err = eachFile(dir, func(f fs.FileInfo) { size += f.Size() })
	return size, err
}

func eachFile(dir string, visit func(fs.FileInfo)) error {
	return filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			visit(info)
		}
		return err
	})
}

// traffic is what a store was asked since it was opened.
type traffic struct {
	trips, bytes int64
	records      int
}

func (s *store) traffic() (t traffic, err error) {
	if s.line == nil {
		return t, nil
	}
	t = traffic{trips: s.line.trips.Load(), bytes: s.line.bytes.Load()}
	t.records, err = s.records()
	return t, err
}

func (t traffic) since(before traffic) traffic {
	return traffic{trips: t.trips - before.trips, bytes: t.bytes - before.bytes, records: t.records - before.records}
}

// begin makes a place whose state is in the store. The configuration is the block
// of the backend and what is given.
func (s *store) begin(ctx context.Context, b *bench, name, endpoint, config string) (*place, error) {
	p, err := b.newPlace(name, endpoint)
	if err != nil {
		return nil, err
	}
	if s.line == nil {
		return p, p.write("main.hcl", config)
	}
	_, err = s.take(ctx, p, config, "state", "init")
	return p, err
}

// take has the state of a place be kept in the store, by a command that says which
// state it is.
func (s *store) take(ctx context.Context, p *place, config string, args ...string) (u usage, err error) {
	p.env = append(p.env, s.env...)
	if s.prepare != nil {
		if err := s.prepare(ctx, p.dir); err != nil {
			return u, err
		}
	}
	block := func(state string) string {
		return fmt.Sprintf("gdfctl {\n backend %q {\n%s%s}\n}\n", strings.ToLower(s.label()), s.block, state)
	}
	if err := p.write("main.hcl", block("")+config); err != nil {
		return u, err
	}
	var begun struct{ State string }
	if u, err = p.runSaying(ctx, &begun, append(args, "--json")...); err != nil {
		return u, fmt.Errorf("%s: %w", s.name, err)
	}
	return u, p.write("main.hcl", block(fmt.Sprintf("state = %q\n", begun.State))+config)
}

// label is what the block of its backend is called.
func (s *store) label() string {
	if s.name == "PostgreSQL" {
		return "postgres"
	}
	return s.name
}
