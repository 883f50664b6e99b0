package s3log

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func TestAnAppendThatIsExecutedLate(t *testing.T) {
	held := func(t *testing.T) (g *gate, p, other *Place, end sharedlog.Position, r sharedlog.Raw) {
		t.Helper()
		b := bucket(t)
		g, through := behindGate(t, b)
		p, other = open(t, through), open(t, b)
		end = begun(t, p, 3)
		r = recordBehind(end, "late")
		g.on("PUT", logPrefix, fault{hold: true})
		if err := p.Append(t.Context(), end, r); err == nil || isTaken(err) || isRefused(err) {
			t.Fatalf("without an answer: error %v", err)
		}
		return g, p, other, end, r
	}
	wantRefused := func(t *testing.T, g *gate) {
		t.Helper()
		if statuses := g.release(t); !slices.Equal(statuses, []int{412}) {
			t.Errorf("what came late was answered %v", statuses)
		}
	}

	t.Run("before it is repeated", func(t *testing.T) {
		g, p, other, end, r := held(t)
		g.release(t)
		if err := p.Append(t.Context(), end, r); err != nil {
			t.Errorf("error %v", err)
		}
		wantLog(t, other, end.N, r.Position())
	})
	t.Run("before it is repeated, and others went on behind it", func(t *testing.T) {
		g, p, other, end, r := held(t)
		g.release(t)
		next := add(t, other, r.Position(), "other")
		// When it was appended is not known: it is for the caller to read.
		if err := p.Append(t.Context(), end, r); !isTaken(err) {
			t.Errorf("error %v", err)
		}
		wantLog(t, p, end.N, r.Position(), next)
	})
	t.Run("after it was repeated", func(t *testing.T) {
		g, p, other, end, r := held(t)
		if err := p.Append(t.Context(), end, r); err != nil {
			t.Errorf("error %v", err)
		}
		wantRefused(t, g)
		next := add(t, p, r.Position(), "next")
		wantLog(t, other, end.N, r.Position(), next)
	})
	t.Run("after another one took its place", func(t *testing.T) {
		g, p, other, end, r := held(t)
		theirs := add(t, other, end, "other")
		if err := p.Append(t.Context(), end, r); !isTaken(err) {
			t.Errorf("error %v", err)
		}
		wantRefused(t, g)
		wantLog(t, p, end.N, theirs)
	})
	t.Run("after its place was trimmed", func(t *testing.T) {
		g, p, other, end, r := held(t)
		at := add(t, other, end, "other")
		for range 4 {
			at = add(t, other, at, "next")
		}
		if err := other.Trim(t.Context(), at.N); err != nil {
			t.Fatal(err)
		}
		if statuses := g.release(t); !slices.Equal(statuses, []int{200}) {
			t.Fatalf("what came late was answered %v, expected that the store takes it", statuses)
		}
		if err := p.Append(t.Context(), end, r); !isTaken(err) {
			t.Errorf("error %v", err)
		}
		if _, err := p.Read(t.Context(), end.N); !errors.Is(err, sharedlog.ErrTrimmed) {
			t.Errorf("reading behind the old end: error %v", err)
		}
		wantLog(t, p, at.N-1, at)
		at = add(t, other, at, "and on")
		if err := other.Trim(t.Context(), at.N); err != nil { // which also removes what came late
			t.Fatal(err)
		}
		if objects, err := other.listAll(t.Context(), logPrefix); err != nil || len(objects) != 2 {
			t.Errorf("%d objects are left, %v, expected records 0 and %d", len(objects), err, at.N)
		}
	})
}

func TestACallerThatGivesUp(t *testing.T) {
	b := bucket(t)
	g, through := behindGate(t, b)
	p := open(t, through)
	end := begun(t, p, 2)
	r := recordBehind(end, "given up")
	ctx, cancel := context.WithCancel(t.Context())
	g.on("PUT", logPrefix, fault{first: cancel, execute: true})
	if err := p.Append(ctx, end, r); !errors.Is(err, context.Canceled) || isTaken(err) || isRefused(err) {
		t.Errorf("error %v", err)
	}
	if err := insist(t.Context(), p, end, r); err != nil {
		t.Errorf("repeated: error %v", err)
	}
	wantLog(t, open(t, b), end.N, r.Position())
}

// Whoever appends decides what is repeated, and counts its lease from each attempt.
func TestNothingIsRepeatedUnasked(t *testing.T) {
	g, through := behindGate(t, bucket(t))
	p := open(t, through)
	end := begun(t, p, 2)
	for name, f := range map[string]fault{
		"500": {answer: says(500, "InternalError")}, "503": {answer: says(503, "SlowDown")}, "429": {answer: says(429, "Throttling")},
		"a slow request": {answer: says(400, "RequestTimeout")}, "a cut connection": {cut: true},
	} {
		g.set(func(r request) fault {
			if r.method == "PUT" {
				return f
			}
			return passOn
		})
		if err := p.Append(t.Context(), end, recordBehind(end, name)); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := len(g.requests("PUT", "")); n != 1 {
			t.Errorf("%s: %d requests were made", name, n)
		}
	}
}

// A request that is refused behind the one that wrote says nothing of that one.
func TestRefusedBehindTheWrite(t *testing.T) {
	for _, behind := range []request{{method: "GET", name: logPrefix}, {method: "LIST", name: trimmedPrefix}} {
		g, through := behindGate(t, bucket(t))
		p := open(t, through)
		end := begun(t, p, 2)
		r := recordBehind(end, "written")
		g.on(behind.method, behind.name, fault{answer: says(403, "ExpiredToken")})
		if err := p.Append(t.Context(), end, r); err == nil || isRefused(err) || isTaken(err) {
			t.Errorf("%s: error %v, expected one that leaves it open", behind.method, err)
		}
		wantLog(t, p, end.N, r.Position())
	}
}

// A bucket was put back to an older copy while a run went on.
func TestABucketThatWasPutBack(t *testing.T) {
	for name, regrown := range map[string]bool{"shorter": false, "and written to again": true} {
		t.Run(name, func(t *testing.T) {
			b := bucket(t)
			p, other := open(t, b), open(t, b)
			old := begun(t, p, 4)
			end := add(t, p, add(t, p, old, "lost"), "lost too")
			for n := old.N + 1; n <= end.N; n++ {
				if err := other.remove(t.Context(), recordKey(n)); err != nil {
					t.Fatal(err)
				}
			}
			at := old
			if regrown {
				at = add(t, other, add(t, other, at, "new"), "new too")
			}
			if err := p.Append(t.Context(), end, recordBehind(end, "behind what is lost")); !isTaken(err) {
				t.Errorf("error %v", err)
			}
			// Nothing is left in the way of those who know nothing of it.
			wantLog(t, other, at.N)
			for range 4 {
				at = add(t, other, at, "next")
			}
			wantLog(t, open(t, b), at.N-1, at)
		})
	}
}

func TestAPageEndsBeforeWhatCantBeRead(t *testing.T) {
	g, through := behindGate(t, bucket(t))
	begun(t, open(t, through), 6)
	p := open(t, through)
	g.on("GET", recordKey(4), fault{answer: says(503, "SlowDown")})
	if page, err := p.Read(t.Context(), 1); err != nil || len(page.Records) != 2 || page.Records[1].N != 3 {
		t.Errorf("%d records, %v, expected records 2 and 3", len(page.Records), err)
	}
	g.on("GET", recordKey(4), fault{answer: says(500, "InternalError")})
	if page, err := p.Read(t.Context(), 3); err == nil || len(page.Records) > 0 {
		t.Errorf("%d records, %v, expected an error", len(page.Records), err)
	}
	if page, err := p.Read(t.Context(), 3); err != nil || len(page.Records) != 2 {
		t.Errorf("%d records, %v, expected records 4 and 5", len(page.Records), err)
	}
}
