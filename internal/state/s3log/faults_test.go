package s3log

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

func recordBehind(prev sharedlog.Position, what string) sharedlog.Raw {
	return sharedlog.Raw{N: prev.N + 1, Data: fmt.Appendf(nil, "{\"n\":%d,\"prev\":%q,\"what\":%q}\n", prev.N+1, prev.Hash, what)}
}

// add appends the next record, which must succeed.
func add(t *testing.T, p *Place, prev sharedlog.Position, what string) sharedlog.Position {
	t.Helper()
	r := recordBehind(prev, what)
	if err := p.Append(t.Context(), prev, r); err != nil {
		t.Fatalf("appending %q behind %s: %v", what, prev, err)
	}
	return r.Position()
}

func begun(t *testing.T, p *Place, records int) sharedlog.Position {
	t.Helper()
	end := sharedlog.Before
	for n := range records {
		end = add(t, p, end, fmt.Sprint("record ", n))
	}
	return end
}

// insist repeats an append, byte for byte, as long as nobody knows its outcome.
func insist(ctx context.Context, p *Place, prev sharedlog.Position, r sharedlog.Raw) error {
	for range 10 {
		err := p.Append(ctx, prev, r)
		if err == nil || isTaken(err) || isRefused(err) {
			return err
		}
	}
	return errors.New("ten attempts are unclear")
}

func isTaken(err error) bool {
	taken := (*sharedlog.TakenError)(nil)
	return errors.As(err, &taken)
}

func isRefused(err error) bool {
	refused := (*sharedlog.RefusedError)(nil)
	return errors.As(err, &refused)
}

// wantLog checks that the log consists of these records, by who looks for the
// first time.
func wantLog(t *testing.T, p *Place, after int64, want ...sharedlog.Position) {
	t.Helper()
	var got []sharedlog.Position
	for at := after; ; {
		page, err := p.Read(t.Context(), at)
		if err != nil {
			t.Errorf("reading behind %d: %v", at, err)
			return
		}
		if len(page.Records) == 0 {
			break
		}
		for _, r := range page.Records {
			got = append(got, r.Position())
			at = r.N
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("behind %d the log has %v, expected %v", after, got, want)
	}
}

// Whatever becomes of any request of an append, who repeats it ends with one record.
func TestFaultsAtEachRequestOfAnAppend(t *testing.T) {
	html := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>Sign in to the hotel's network</html>"))
	}
	faults := map[string]fault{
		"lost":              {cut: true},
		"answer lost":       {execute: true, cut: true},
		"executed later":    {hold: true},
		"500":               {answer: says(500, "InternalError")},
		"500, executed":     {execute: true, answer: says(500, "InternalError")},
		"503":               {answer: says(503, "SlowDown")},
		"503, executed":     {execute: true, answer: says(503, "ServiceUnavailable")},
		"409":               {answer: says(409, "ConditionalRequestConflict")},
		"409, executed":     {execute: true, answer: says(409, "ConditionalRequestConflict")},
		"412":               {answer: says(412, "PreconditionFailed")},
		"412, executed":     {execute: true, answer: says(412, "PreconditionFailed")},
		"400 of a slow one": {answer: says(400, "RequestTimeout")},
		"404 of a key":      {answer: says(404, "NoSuchKey")},
		"a page of HTML":    {execute: true, answer: html},
	}
	b := bucket(t)
	logs := 0
	for name, f := range faults {
		for n := 0; ; n++ { // the request that it strikes
			struck := false
			t.Run(fmt.Sprint(name, " at request ", n), func(t *testing.T) {
				g, through := behindGate(t, b)
				p, direct := open(t, through), open(t, b)
				logs++
				p.prefix = fmt.Sprint("shop/main/", logs)
				direct.prefix = p.prefix
				end := begun(t, p, 2)
				r := recordBehind(end, "struck")
				g.set(func(req request) fault {
					if req.n == n {
						struck = true
						return f
					}
					return passOn
				})
				err := insist(t.Context(), p, end, r)
				g.set(nil)
				page, readErr := direct.Read(t.Context(), end.N)
				switch {
				case readErr != nil:
					t.Fatal(readErr)
				case isRefused(err) && len(page.Records) == 0:
				case err != nil && !isTaken(err):
					t.Fatalf("it ended with %v", err)
				case len(page.Records) == 0 && err == nil, len(page.Records) == 1 && page.Records[0].Position() != r.Position():
					t.Fatalf("it ended with %v, and the log has %d more records", err, len(page.Records))
				case len(page.Records) == 1:
					end = r.Position()
				}
				end = add(t, p, end, "next")
				g.release(t)
				add(t, direct, end, "after what came late")
			})
			if !struck {
				break
			}
		}
	}
}
