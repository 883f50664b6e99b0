package gitlog

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

func TestLastDate(t *testing.T) {
	const trace = `13:48:45.1 http.c:623              => Send header: Date: Fri, 27 Nov 2020 13:48:45 GMT
13:48:45.2 http.c:623              <= Recv header: HTTP/2 200
13:48:45.2 http.c:623              <= Recv header: date: Fri, 27 Nov 2026 13:48:45 GMT
13:48:45.3 http.c:623              <= Recv header: Last-Modified: Fri, 27 Nov 2020 13:48:45 GMT
13:48:45.4 http.c:623              <= Recv header: Date: Fri, 27 Nov 2026 13:48:46 GMT
13:48:45.5 http.c:623              <= Recv header: Date: yesterday
`
	if got, want := lastDate(trace), time.Date(2026, 11, 27, 13, 48, 46, 0, time.UTC); !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
	if got := lastDate("nothing"); !got.IsZero() {
		t.Errorf("%s of nothing", got)
	}
}

// Only a server that answers over HTTP says what time it is, and what git traced for that
// is gone afterwards.
func TestClock(t *testing.T) {
	g := stores.NewGit(t)
	for remote, says := range map[string]bool{g.URL(): false, g.Serve(t).URL(stores.GitWriter): true} {
		p := place(t, t.TempDir(), map[string]string{"remote": remote})
		at, err := p.Clock(t.Context())
		if err != nil || at.IsZero() == says {
			t.Errorf("%s: %s, %v", remote, at, err)
		}
		if says && time.Until(at).Abs() > time.Minute {
			t.Errorf("it is %s there", at)
		}
		if left, _ := filepath.Glob(filepath.Join(p.store.own, "trace*")); len(left) > 0 {
			t.Errorf("%v is left", left)
		}
	}
}
