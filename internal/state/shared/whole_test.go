package shared

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog/memlog"
)

// wholeDays is longer than records are kept.
const wholeDays = 10

// While a long log grows, slow values are on their way, records are trimmed and a value
// of the newest snapshot is damaged, every reader gets a whole state.
func TestEveryReaderGetsAWholeState(t *testing.T) {
	const days = wholeDays
	each := recordsPerDay
	if text := os.Getenv("GDF_SOAK_RECORDS"); text != "" {
		n, err := strconv.Atoi(text)
		fatal(t, err)
		each = n / days
	}
	began := time.Now()
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		s.SetFaults(func(c memlog.Call) memlog.Fault {
			switch {
			case c.Method == "Put" || c.Method == "Trim":
				return memlog.Fault{Before: time.Second}
			case c.Machine != "A" && (c.Method == "Read" || c.Method == "Get"):
				return memlog.Fault{After: 10 * time.Millisecond} // it goes on meanwhile
			}
			return memlog.Fault{}
		})
		a := s.machine(t, "A", newClocks())
		var readers []*Backend
		var reading sync.WaitGroup
		for day := range days {
			l := locked(t, a, backend.Request{})
			r, err := l.Create(backend.Journal)
			fatal(t, err)
			for i := range each {
				_, err := fmt.Fprintf(r, "%d:%d\n", day, i)
				fatal(t, errors.Join(err, r.Sync()))
				time.Sleep(10 * time.Millisecond)
				if i%400 == 200 { // old readers and new ones, while snapshots are made and trimmed
					reading.Wait()
					for n, b := range append(readers[:len(readers):len(readers)], s.machine(t, "R", newClocks())) {
						reading.Go(func() { checkWhole(t, fmt.Sprint("reader ", n, " on day ", day), b, day, each) })
					}
				}
			}
			fatal(t, l.Together(func() error {
				w, err := l.Append(backend.Audit)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(w, "day %d\n", day)
				return errors.Join(err, w.Sync(), l.Replace(backend.Snapshot, writes(fmt.Sprintf("orders %d\n", day))), l.Remove(backend.Journal))
			}))
			reading.Wait()
			fatal(t, l.Release())
			if len(readers) < 8 {
				b := s.machine(t, "R", newClocks())
				fatal(t, b.Refresh(t.Context()))
				readers = append(readers, b)
			}
			time.Sleep(24 * time.Hour)
		}
		fatal(t, s.Place("disk").Put(t.Context(), sharedlog.HashOf(fmt.Appendf(nil, "orders %d\n", days-1)), []byte("something else")))
		readers = append(readers, s.machine(t, "late", newClocks()))
		for n, b := range readers {
			fatal(t, b.Refresh(t.Context()))
			checkWhole(t, fmt.Sprint("reader ", n), b, days, each)
		}
		if now := s.Records(); now[1].N < int64(each) || len(now) < 2*days*each/3 {
			t.Errorf("%d records, the first one %d: nothing was trimmed, or too much", len(now), now[1].N)
		}
	})
	t.Logf("%s", time.Since(began).Round(time.Millisecond))
}

// checkWhole fails unless a reader gets, after so many days, all that was saved and the
// beginning of what the run under way wrote; at the end that is all of the last day,
// whose orders are damaged.
func checkWhole(t *testing.T, name string, b *Backend, day, each int) {
	last := day == wholeDays
	if err := b.Refresh(t.Context()); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	orders, journal, audit := content(t, b, backend.Snapshot), content(t, b, backend.Journal), content(t, b, backend.Audit)
	if n := strings.Count(audit, "day "); n != day {
		t.Errorf("%s: %d lines of the audit log on day %d", name, n, day)
	}
	of := day
	if last {
		of--
	}
	if want := fmt.Sprintf("orders %d\n", of-1); orders != want && of > 0 {
		t.Errorf("%s: orders %q, want %q", name, orders, want)
	}
	lines := strings.Count(journal, "\n")
	var want strings.Builder
	for i := range lines {
		fmt.Fprintf(&want, "%d:%d\n", of, i)
	}
	if lines == 0 || lines > each || journal != want.String() || last && lines != each {
		t.Errorf("%s: of the journal of day %d there are %d lines, or others", name, of, lines)
	}
}
