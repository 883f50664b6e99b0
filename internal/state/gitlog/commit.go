package gitlog

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// maxValue is the size of a file that forges refuse.
const maxValue = 100_000_000

// maxJoined is how large a file for people may be that consists of several values.
// Beyond it, each of them is a file.
const maxJoined = 1 << 20

// stagedValue is a value that was put and is not on the branch yet.
type stagedValue struct {
	object string
	path   string // on the branch, by the day when it was put
	put    int    // which call of Put it was
}

// Put implements sharedlog.Place: the value is in the store until the next append.
func (p *Place) Put(ctx context.Context, hash string, value []byte) error {
	if len(value) >= maxValue {
		return &sharedlog.RefusedError{Place: p.String(), Reason: "a value is larger than the 100 MB that forges accept in a file"}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.open(ctx); err != nil {
		return err
	}
	object, err := p.write(ctx, "blob", value)
	if err != nil {
		return err
	}
	p.staging.Lock()
	defer p.staging.Unlock()
	p.puts++
	p.staged[hash] = stagedValue{object, valuePath(hash, p.now().UTC()), p.puts}
	return nil
}

// write puts an object into the store.
func (p *Place) write(ctx context.Context, kind string, data []byte) (string, error) {
	out, err := p.local(ctx, data, "hash-object", "-t", kind, "-w", "--stdin", "--no-filters")
	return strings.TrimSpace(string(out)), err
}

// pending is an append that was begun and is not known to be done.
type pending struct {
	record sharedlog.Position
	parent string // empty: there was no branch
	tip    *tip   // what the branch is with it
	staged map[string]stagedValue
}

// build makes the commit of a record behind the tip. The same record behind the
// same tip, with the same values put, makes the same commit: nothing else in it
// comes from a clock or a configuration.
func (p *Place) build(ctx context.Context, t *tip, r sharedlog.Raw) (*pending, error) {
	p.staging.Lock()
	staged := maps.Clone(p.staged)
	p.staging.Unlock()

	changes := map[string]string{} // the object for each path; empty: it is removed
	for name := range p.removed.paths(t) {
		changes[name] = ""
	}
	var err error
	if _, ok := t.files[readmePath]; !ok {
		if changes[readmePath], err = p.write(ctx, "blob", []byte(readmeText)); err != nil {
			return nil, err
		}
	}
	if _, ok := t.files[probePath]; ok {
		changes[probePath] = ""
	}
	for hash, v := range staged {
		if was := t.values[hash]; was != "" && was != v.path {
			changes[was] = ""
		}
		changes[v.path] = v.object
	}
	if err := p.addReadable(ctx, t, r, staged, changes); err != nil {
		return nil, err
	}
	if changes[logPath(r)], err = p.write(ctx, "blob", r.Data); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("record %d: %s [skip ci]\n", r.N, kindOf(r))
	made, err := p.commit(ctx, t, changes, at(r).Unix(), text)
	if err != nil {
		return nil, err
	}
	made.last.Hash = r.Position().Hash
	return &pending{record: r.Position(), parent: t.commit, tip: made, staged: staged}, nil
}

// addReadable adds the files for people.
func (p *Place) addReadable(ctx context.Context, t *tip, r sharedlog.Raw, staged map[string]stagedValue, changes map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(r.Readable)) {
		hashes := r.Readable[name]
		if !readable(name) {
			return p.says("%q can't be the name of a file on a branch", name)
		}
		var objects []string
		for _, hash := range hashes {
			object := staged[hash].object
			if object == "" {
				object = t.files[t.values[hash]]
			}
			if object == "" {
				return p.says("%s consists of value %.12s, which was not put", name, hash)
			}
			objects = append(objects, object)
		}
		for was := range t.files {
			if was == name || isPartOf(was, name) || inFolderOf(was, name) {
				if _, set := changes[was]; !set {
					changes[was] = ""
				}
			}
		}
		if len(objects) > 1 {
			data, err := p.blobs(ctx, objects)
			if err != nil {
				return err
			}
			if joined := bytes.Join(data, nil); len(joined) <= maxJoined {
				object, err := p.write(ctx, "blob", joined)
				if err != nil {
					return err
				}
				objects = []string{object}
			}
		}
		for i, object := range objects {
			if len(objects) == 1 {
				changes[name] = object
			} else {
				changes[fmt.Sprintf("%s.%d", name, i+1)] = object
			}
		}
	}
	return nil
}

// inFolderOf reports whether a file is in the folder of another one. A snapshot
// that names one file of a folder names all of them.
func inFolderOf(file, name string) bool {
	folder := path.Dir(name)
	return folder != "." && strings.HasPrefix(file, folder+"/")
}

// isPartOf reports whether a file is one of several that another name stands for.
func isPartOf(file, name string) bool {
	number, ok := strings.CutPrefix(file, name+".")
	return ok && number != "" && strings.Trim(number, "0123456789") == ""
}

// commit makes a commit behind the tip, with some paths changed.
func (p *Place) commit(ctx context.Context, t *tip, changes map[string]string, seconds int64, message string) (*tip, error) {
	tree := "--empty"
	if t.commit != "" {
		tree = t.commit
	}
	if _, err := p.local(ctx, nil, "read-tree", tree); err != nil {
		return nil, err
	}
	files := maps.Clone(t.files)
	if files == nil {
		files = map[string]string{}
	}
	var info strings.Builder
	// What is removed comes first: a file can take the place of a folder.
	for _, removed := range []bool{true, false} {
		for _, name := range slices.Sorted(maps.Keys(changes)) {
			switch object := changes[name]; {
			case removed && object == "":
				fmt.Fprintf(&info, "0 %040d\t%s\x00", 0, name)
				delete(files, name)
			case !removed && object != "":
				fmt.Fprintf(&info, "100644 %s\t%s\x00", object, name)
				files[name] = object
			}
		}
	}
	if _, err := p.local(ctx, []byte(info.String()), "update-index", "-z", "--replace", "--index-info"); err != nil {
		return nil, err
	}
	out, err := p.local(ctx, nil, "write-tree")
	if err != nil {
		return nil, err
	}
	const who = "gdfctl <gdfctl@localhost>"
	text := "tree " + strings.TrimSpace(string(out)) + "\n"
	if t.commit != "" {
		text += "parent " + t.commit + "\n"
	}
	text += fmt.Sprintf("author %s %d +0000\ncommitter %s %d +0000\n\n%s", who, seconds, who, seconds, message)
	object, err := p.write(ctx, "commit", []byte(text))
	if err != nil {
		return nil, err
	}
	made, err := newTip(object, files)
	if err == nil {
		made.last.Hash = t.last.Hash // unless a record is added
	}
	return made, err
}
