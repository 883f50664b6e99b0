package godatafeed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// bucketFile shares a bucket between processes: one small record, changed under
// the kernel's lock of a file beside it. It is never synced; what a crash of
// the machine loses has leaked out by the time that it is up again.
//
// The record holds wall time, which jumps. What this process wrote itself it
// therefore remembers with monotonic time, and what another one wrote can't be
// older than this process's last look.
type bucketFile struct {
	path string
	size float64

	lock    *flock.Flock
	seen    time.Time // the last look
	written []byte    // what it left in the file
	bucket  Bucket    // what that says, in monotonic time
}

// recordSize is the length of the record, padded: it is written in place by one
// write, so that a killed process leaves the old one or the new one.
const recordSize = 512

// Other processes hold the lock for microseconds; one that holds it for longer
// was stopped within them.
const (
	lockPatience = 2 * time.Second
	lockRetry    = 2 * time.Millisecond
)

type bucketRecord struct {
	Level  float64   `json:"level"`
	At     time.Time `json:"at"`
	Until  time.Time `json:"until,omitzero"`
	Share  float64   `json:"share"`
	Halved time.Time `json:"halved,omitzero"`
}

// update changes the shared bucket. After an error nothing is known about the
// file, and this process must not use it any more.
func (f *bucketFile) update(now time.Time, change func(Bucket) Bucket) (_ Bucket, err error) {
	if err := f.acquire(); err != nil {
		return Bucket{}, err
	}
	defer func() { err = errors.Join(err, f.lock.Unlock()) }()

	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return Bucket{}, noFile(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(file, recordSize+1))
	if err != nil {
		return Bucket{}, noFile(err)
	}
	tooLong := len(raw) > recordSize // then nothing of ours
	b := change(f.read(raw, now))
	raw = encodeBucket(b)
	if _, err := file.WriteAt(raw, 0); err != nil {
		return Bucket{}, noFile(err)
	}
	if tooLong {
		if err := file.Truncate(recordSize); err != nil {
			return Bucket{}, noFile(err)
		}
	}
	f.seen, f.written, f.bucket = now, raw, b
	return b, nil
}

func (f *bucketFile) acquire() error {
	if f.lock == nil {
		if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
			return noFile(err)
		}
		f.lock = flock.New(f.path+".lock", flock.SetPermissions(0o600))
	}
	if ok, err := f.lock.TryLock(); ok || err != nil {
		return noFile(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	if _, err := f.lock.TryLockContext(ctx, lockRetry); err != nil {
		return errors.New("the shared bucket is held by another process that does not let go")
	}
	return nil
}

// read is the bucket that a record says, in this process's time. A new file is
// an empty bucket; a damaged one counts as full, which costs some seconds
// rather than a 429.
func (f *bucketFile) read(raw []byte, now time.Time) Bucket {
	if f.written != nil && bytes.Equal(raw, f.written) {
		return f.bucket
	}
	if len(raw) == 0 {
		return Bucket{At: now, Share: 1}
	}
	var r bucketRecord
	if err := json.Unmarshal(raw, &r); err != nil || r.At.IsZero() || len(raw) > recordSize {
		return Bucket{Level: f.size, At: now, Share: 1}
	}
	// Wall time as time before now, on the monotonic clock.
	ago := func(t time.Time) time.Time {
		age := max(now.Round(0).Sub(t), 0)
		if !f.seen.IsZero() {
			age = min(age, now.Sub(f.seen))
		}
		return now.Add(-age)
	}
	b := Bucket{
		Level: math.Min(math.Max(r.Level, 0), f.size),
		At:    ago(r.At),
		Share: math.Min(math.Max(r.Share, MinShare), 1),
	}
	if !r.Halved.IsZero() {
		b.Halved = now.Add(-max(now.Round(0).Sub(r.Halved), 0))
	}
	if wait := r.Until.Sub(r.At); wait > 0 {
		b.Until = b.At.Add(min(wait, MaxRetryAfter))
	}
	return b
}

func encodeBucket(b Bucket) []byte {
	// Times without their monotonic part, which means nothing elsewhere.
	raw, err := json.Marshal(bucketRecord{
		Level: b.Level, At: b.At.UTC(), Until: b.Until.UTC(), Share: b.Share, Halved: b.Halved.UTC(),
	})
	if err != nil {
		raw = []byte("{}") // a year that JSON can't hold: damaged, and so full
	}
	return append(raw, bytes.Repeat([]byte(" "), max(0, recordSize-len(raw)))...)
}

// noFile says what failed, without the path: it tells nothing that the
// operating system's words don't.
func noFile(err error) error {
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err
	}
	return fmt.Errorf("the bucket can't be shared with other processes: %w", err)
}
