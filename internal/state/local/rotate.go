package local

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// The audit log is gdfctl.audit.jsonl, and before it the files that it had until it
// was rotated, such as gdfctl.2026-11-27-41.audit.jsonl: the day, and the number of its
// last line. They are found by their names, and nothing else says which there are:
// renaming the file is all that rotating does, so that a crash leaves either.

// auditEnd is how the names of all of them end, so that what ignores or keeps one of
// them does so with all.
const auditEnd = ".audit.jsonl"

var leftAudit = regexp.MustCompile(`^\.[0-9]{4}-[0-9]{2}-[0-9]{2}-([1-9][0-9]{0,17})` + regexp.QuoteMeta(auditEnd) + `$`)

// stem is what the names of all files of an audit log begin with.
func (p Paths) stem() string { return strings.TrimSuffix(p.Audit, auditEnd) }

// leftAudits are the files that the audit log had before the present one, in the order
// of their lines.
func (b *Backend) leftAudits() ([]string, error) {
	names, err := b.files.Names(filepath.Dir(b.Audit))
	if err != nil {
		return nil, fmt.Errorf("looking for the files of the audit log: %w", err)
	}
	stem := filepath.Base(b.stem())
	lines := map[string]int{}
	var left []string
	for _, name := range names {
		rest, ok := strings.CutPrefix(name, stem)
		if m := leftAudit.FindStringSubmatch(rest); ok && m != nil {
			path := filepath.Join(filepath.Dir(b.Audit), name)
			lines[path], _ = strconv.Atoi(m[1]) // the pattern takes nothing else
			left = append(left, path)
		}
	}
	slices.SortFunc(left, func(a, b string) int { return cmp.Or(cmp.Compare(lines[a], lines[b]), strings.Compare(a, b)) })
	return left, nil
}

// openAudit opens all files of the audit log as one. A run can rotate it meanwhile:
// then the file that was opened as the present one is perhaps not the one behind those
// that were found.
func (b *Backend) openAudit() (disk.Reader, int64, error) {
	const tries = 5
	for range tries {
		left, err := b.leftAudits()
		if err != nil {
			return nil, 0, err
		}
		r, size, err := b.openAll(left)
		if err != nil {
			return nil, 0, err
		}
		again, err := b.leftAudits()
		if err == nil && slices.Equal(left, again) {
			return r, size, nil
		}
		if err = errors.Join(err, r.Close()); err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, fmt.Errorf("the audit log %s is being rotated: try again", b.Audit)
}

// openAll opens these files and the present one, which need not be there behind others.
func (b *Backend) openAll(left []string) (disk.Reader, int64, error) {
	if len(left) == 0 {
		return b.files.Open(b.Audit)
	}
	var all []disk.Segment
	for _, name := range append(slices.Clone(left), b.Audit) {
		r, size, err := b.files.Open(name)
		if name == b.Audit && missing(err) {
			continue // a run ended before it wrote the first line
		}
		if err != nil {
			return nil, 0, errors.Join(fmt.Errorf("the audit log: %w", err), disk.NewSegments(all).Close())
		}
		all = append(all, disk.Segment{Name: name, Size: size, Reader: r})
	}
	s := disk.NewSegments(all)
	return s, s.Size(), nil
}

// leftSize is how long all files are that the audit log had before the present one.
func (b *Backend) leftSize() (int64, error) {
	left, err := b.leftAudits()
	if err != nil {
		return 0, err
	}
	total := int64(0)
	for _, name := range left {
		r, size, err := b.files.Open(name)
		if err = errors.Join(err, closing(r)); err != nil {
			return 0, err
		}
		total += size
	}
	return total, nil
}

func closing(r disk.Reader) error {
	if r == nil {
		return nil
	}
	return r.Close()
}

// RotateAudit implements backend.Lease. The file gets another name, and the next line
// begins a new one.
func (l *lease) RotateAudit(day time.Time, line int) (string, error) {
	if err := l.Held(); err != nil {
		return "", err
	}
	r, size, err := l.files.Open(l.Audit)
	if missing(err) {
		return "", nil
	}
	if err = errors.Join(err, closing(r)); err != nil || size == 0 {
		return "", err
	}
	name := fmt.Sprintf("%s.%s-%d%s", l.stem(), day.Format(time.DateOnly), line, auditEnd)
	if disk.Exists(l.files, name) {
		return "", &fs.PathError{Op: "rename", Path: name, Err: fs.ErrExist}
	}
	if err := l.files.Rename(l.Audit, name); err != nil {
		return "", err
	}
	return filepath.Base(name), l.syncFolder()
}
