package godatafeed

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
)

func take(t *testing.T, l *Limiter, n int) {
	t.Helper()
	for range n {
		if _, err := l.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProcessesShareTheBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "sub", "bucket.json")
		first, second := NewLimiter(LimiterOptions{Path: path}), NewLimiter(LimiterOptions{Path: path})
		take(t, first, 20)
		take(t, second, 20)
		if a, b := first.Level(), second.Level(); a != 40 || b != 40 {
			t.Errorf("levels %f and %f, want 40", a, b)
		}
		time.Sleep(10 * time.Second)
		third := NewLimiter(LimiterOptions{Path: path})
		if level := third.Level(); level != 20 {
			t.Errorf("level %f ten seconds later, want 20", level)
		}
		second.Penalise(time.Minute)
		if waited, err := first.Wait(t.Context()); waited != time.Minute || err != nil {
			t.Errorf("waited %s, %v: a penalty is everybody's", waited, err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 || info.Size() != recordSize {
			t.Errorf("file: %v, %v", info, err)
		}
		for _, l := range []*Limiter{first, second, third} {
			if l.Fallback() != nil {
				t.Error(l.Fallback())
			}
		}
	})
}

func TestManyUseTheFileAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bucket.json")
	at := time.Now()
	now := func() time.Time { return at } // nothing leaks
	var wg sync.WaitGroup
	for range 8 {
		l := NewLimiter(LimiterOptions{Burst: 1000, Path: path, Now: now})
		wg.Go(func() { take(t, l, 50) })
	}
	wg.Wait()
	if level := NewLimiter(LimiterOptions{Burst: 1000, Path: path, Now: now}).Level(); level != 400 {
		t.Errorf("level %f, want 400", level)
	}
}

func TestDamagedFileCountsAsFull(t *testing.T) {
	for name, content := range map[string]string{
		"text":       "hello",
		"cut":        `{"level":3,"at":"2026-01-01T0`,
		"no time":    `{"level":3}`,
		"list":       `[]`,
		"too long":   `{"level":3,"at":"2026-01-01T00:00:00Z"}` + strings.Repeat(" ", recordSize) + "}",
		"text level": `{"level":"NaN","at":"2026-01-01T00:00:00Z"}`,
		"zeros":      strings.Repeat("\x00", recordSize),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "bucket.json")
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				l := NewLimiter(LimiterOptions{Path: path})
				if level := l.Level(); level != 50 {
					t.Errorf("level %f, want 50", level)
				}
				time.Sleep(10 * time.Second)
				if level := NewLimiter(LimiterOptions{Path: path}).Level(); level != 30 {
					t.Errorf("level %f ten seconds later, want 30: the damage stayed", level)
				}
			})
		})
	}
}

func TestStrangeValuesInTheFile(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		content string
		level   float64
		wait    time.Duration
	}{
		"from the future":  {`{"level":10,"at":"2030-01-01T00:00:00Z","share":1}`, 10, 0},
		"from long ago":    {`{"level":10,"at":"2020-01-01T00:00:00Z","share":1}`, 0, 0},
		"below zero":       {`{"level":-1e9,"at":"2026-06-01T12:00:00Z","share":1}`, 0, 0},
		"far above":        {`{"level":1e300,"at":"2026-06-01T12:00:00Z","share":1}`, 50, 1500 * time.Millisecond},
		"no share":         {`{"level":0,"at":"2026-06-01T12:00:00Z"}`, 0, 0},
		"endless penalty":  {`{"level":0,"at":"2026-06-01T12:00:00Z","share":1,"until":"2999-01-01T00:00:00Z"}`, 0, 5 * time.Minute},
		"penalty long ago": {`{"level":0,"at":"2020-01-01T00:00:00Z","share":1,"until":"2020-01-01T00:05:00Z"}`, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bucket.json")
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			l := NewLimiter(LimiterOptions{Path: path, Now: func() time.Time { return now }})
			if level := l.Level(); level != tt.level {
				t.Errorf("level %f, want %f", level, tt.level)
			}
			if wait, err := l.take(t.Context()); wait.Round(time.Millisecond) != tt.wait || err != nil {
				t.Errorf("wait %s, %v, want %s", wait, err, tt.wait)
			}
		})
	}
}

func TestWallClockJumps(t *testing.T) {
	// Within a process only the monotonic clock counts, both for what it wrote
	// itself and, as a bound, for what another process wrote meanwhile. A time
	// of another wall clock is made by shifting what the file says.
	path := filepath.Join(t.TempDir(), "bucket.json")
	l := NewLimiter(LimiterOptions{Path: path, PerSecond: 0.001})
	take(t, l, 30)
	anHourAgo := encodeBucket(Bucket{Level: 31, At: time.Now().Add(-24 * time.Hour), Share: 1})
	if err := os.WriteFile(path, anHourAgo, 0o600); err != nil {
		t.Fatal(err)
	}
	if level := l.Level(); level < 30.9 {
		t.Errorf("level %f: another's old time emptied the bucket", level)
	}
}

func TestNoUsableCache(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	for name, path := range map[string]string{
		"below a file": filepath.Join(blocked, "bucket.json"),
		"a directory":  directory,
	} {
		t.Run(name, func(t *testing.T) {
			l := NewLimiter(LimiterOptions{Path: path})
			take(t, l, 3)
			if err := l.Fallback(); err == nil || strings.Contains(err.Error(), path) {
				t.Errorf("fallback: %v, want a reason without the path", err)
			}
			if level := l.Level(); level < 2.5 {
				t.Errorf("level %f: memory does not count", level)
			}
		})
	}
}

func TestLockThatIsNeverFreed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "bucket.json")
		holder := flock.New(path + ".lock")
		if ok, err := holder.TryLock(); !ok || err != nil {
			t.Fatal(ok, err)
		}
		defer func() { _ = holder.Unlock() }()
		l := NewLimiter(LimiterOptions{Path: path})
		began := time.Now()
		take(t, l, 10)
		if took := time.Since(began); took != lockPatience || l.Fallback() == nil {
			t.Errorf("took %s, fallback %v", took, l.Fallback())
		}
	})
}

func TestBucketPath(t *testing.T) {
	path := BucketPath("/cache", "https://api.godatafeed.com", canaryKey)
	if filepath.Dir(path) != filepath.Join("/cache", "gdfctl") || strings.Contains(path, "canary") || strings.Contains(path, "godatafeed") {
		t.Errorf("path %s", path)
	}
	for _, same := range []string{"", "https://API.godatafeed.com:443/"} {
		if got := BucketPath("/cache", same, canaryKey+"\n"); got != path {
			t.Errorf("%q: another path for the same account", same)
		}
	}
	for _, other := range []string{
		BucketPath("/cache", "https://other.example", canaryKey), BucketPath("/cache", "", "other"),
		BucketPath("/cache", "https://api.godatafeed.com/base", canaryKey),
	} {
		if other == path {
			t.Error("two accounts share a path")
		}
	}
	if BucketPath("", "", canaryKey) != "" {
		t.Error("a path without a directory")
	}
}
