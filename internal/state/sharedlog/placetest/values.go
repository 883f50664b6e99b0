package placetest

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// put keeps a value under its hash.
func put(t testing.TB, p sharedlog.Place, value string) string {
	t.Helper()
	hash := sharedlog.HashOf([]byte(value))
	must(t, p.Put(t.Context(), hash, []byte(value)))
	return hash
}

func wantValue(t testing.TB, p sharedlog.Place, hash, want string) {
	t.Helper()
	if got, err := p.Get(t.Context(), hash); err != nil || string(got) != want {
		t.Errorf("value %.12s is %.40q, %v, expected %.40q", hash, got, err, want)
	}
}

func wantNoValue(t testing.TB, p sharedlog.Place, hash string) {
	t.Helper()
	got, err := p.Get(t.Context(), hash)
	wantError(t, "a value that is not there", err, fs.ErrNotExist)
	if got != nil {
		t.Errorf("it is %.40q", got)
	}
}

func testValues(t *testing.T, f Fixture) {
	w := f.begun(t, 1)
	wantNoValue(t, w, sharedlog.HashOf([]byte("none")))
	one, empty, twice := put(t, w, `{"orders":["Müller"]}`), put(t, w, ""), put(t, w, "twice\x00\xff\r\n")
	put(t, w, "twice\x00\xff\r\n")
	w.add(t)
	for _, p := range []sharedlog.Place{w, f.open(t)} {
		wantValue(t, p, one, `{"orders":["Müller"]}`)
		wantValue(t, p, empty, "")
		wantValue(t, p, twice, "twice\x00\xff\r\n")
		wantNoValue(t, p, sharedlog.HashOf([]byte("none")))
	}
	other := f.another(t, "other", w)
	put(t, other, `{"orders":["Müller"]}`)
	more := put(t, other, "more")
	other.add(t)
	wantValue(t, w, one, `{"orders":["Müller"]}`)
	wantValue(t, w, more, "more")
}

func testLargeValue(t *testing.T, f Fixture) {
	w := f.begun(t, 1)
	value := make([]byte, 3<<20)
	rand.NewChaCha8([32]byte{3}).Read(value) //nolint:errcheck // never fails
	hash := sharedlog.HashOf(value)
	must(t, w.Put(t.Context(), hash, value))
	w.add(t)
	got, err := f.open(t).Get(t.Context(), hash)
	must(t, err)
	if !bytes.Equal(got, value) {
		t.Errorf("%d bytes came back of %d, or others", len(got), len(value))
	}
}

func testSweep(t *testing.T, f Fixture) {
	f.trims(t)
	w := f.begun(t, 1)
	kept, unnamed := put(t, w, "kept"), put(t, w, "unnamed")
	w.add(t)
	keep := func(hash string) bool { return hash == kept }

	must(t, w.Sweep(t.Context(), keep, time.Now().Add(-72*time.Hour)))
	w.add(t)
	wantValue(t, f.open(t), unnamed, "unnamed") // it is young

	// A time in the future makes everything old.
	must(t, w.Sweep(t.Context(), keep, time.Now().Add(72*time.Hour)))
	w.add(t)
	for _, p := range []sharedlog.Place{w, f.open(t)} {
		wantValue(t, p, kept, "kept")
		wantNoValue(t, p, unnamed)
	}
	put(t, w, "unnamed") // it can come back
	w.add(t)
	wantValue(t, f.open(t), unnamed, "unnamed")
	must(t, w.Sweep(t.Context(), func(string) bool { return true }, time.Now().Add(72*time.Hour)))
	w.add(t)
	wantValue(t, f.open(t), unnamed, "unnamed")
	wantValue(t, f.open(t), kept, "kept")
}
