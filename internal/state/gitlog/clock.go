package gitlog

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

var _ sharedlog.Clocked = (*Place)(nil)

// Clock implements sharedlog.Clocked: the Date of what a server answers over HTTP. The
// other transports say nothing of it.
func (p *Place) Clock(ctx context.Context) (time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.open(ctx); err != nil {
		return time.Time{}, err
	}
	if !strings.HasPrefix(checkout.Transport(p.target.url), "http") {
		return time.Time{}, nil
	}
	// Git writes the headers into a file of the folder that only this process reads,
	// without what gives access.
	trace := filepath.Join(p.store.own, "trace")
	defer os.Remove(trace) //nolint:errcheck // it goes with its folder
	_, err := p.networkWith(ctx, []string{"GIT_TRACE_CURL=" + trace, "GIT_TRACE_CURL_NO_DATA=1", "GIT_TRACE_REDACT=1"}, "ls-remote", "--quiet", remoteName, p.ref)
	if err != nil {
		return time.Time{}, p.readFailed(err)
	}
	said, err := os.ReadFile(trace)
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // a git that does not trace says nothing
	}
	return lastDate(string(said)), nil
}

// dateLayout is how servers write a Date.
const dateLayout = "Mon, 02 Jan 2006 15:04:05 GMT"

// lastDate is the Date of the last answer that git traced; zero if there is none.
func lastDate(trace string) (at time.Time) {
	for line := range strings.Lines(trace) {
		_, header, ok := strings.Cut(line, "<= Recv header: ")
		name, value, isHeader := strings.Cut(strings.TrimSpace(header), ":")
		if !ok || !isHeader || !strings.EqualFold(name, "Date") {
			continue
		}
		if t, err := time.Parse(dateLayout, strings.TrimSpace(value)); err == nil {
			at = t
		}
	}
	return at
}
