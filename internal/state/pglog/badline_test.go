package pglog

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// Three writers append at once, over connections that break at any message. The log
// holds what they were told it holds, and nothing twice.
func TestWritersOnABadLine(t *testing.T) {
	t.Parallel()
	db, proxy, _, records := faulty(t)
	cuts := func(byte, []byte) error {
		if rand.IntN(40) == 0 {
			return errCut
		}
		return nil
	}
	proxy.Filter(func() (up, down stores.Filter) { return messages(true, cuts), messages(false, cuts) })
	const each = 20
	told := make([][]string, 3)
	var wg sync.WaitGroup
	for i := range told {
		w := &writer{Place: open(t, db.Through(proxy.Address)), end: records[0].Position()}
		wg.Go(func() {
			for len(told[i]) < each {
				r := w.next()
				mine, end, err := w.persist(t, r)
				if err != nil {
					t.Error(err)
					return
				}
				if w.end = end; mine {
					told[i] = append(told[i], string(r.Data))
				}
			}
		})
	}
	wg.Wait()
	log := db.Query(t, `SELECT convert_from(data, 'UTF8') FROM gdfctl.record ORDER BY n`)
	if len(log) != 1+len(told)*each {
		t.Errorf("%d records, expected %d", len(log), 1+len(told)*each)
	}
	for i, want := range told {
		var got []string
		for _, line := range log[1:] {
			if len(want) > len(got) && line == want[len(got)] {
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("writer %d (-told +in the log, in this order)\n%s", i, diff)
		}
	}
}

// persist repeats an append until it is known what became of it: whether the record
// is in the log, and where the log goes on then.
func (w *writer) persist(t *testing.T, r sharedlog.Raw) (mine bool, end sharedlog.Position, err error) {
	for range 200 {
		err = w.Append(t.Context(), w.end, r)
		var taken *sharedlog.TakenError
		if err == nil {
			return true, r.Position(), nil
		}
		if !errors.As(err, &taken) {
			continue
		}
		var page sharedlog.Page
		if page, err = w.Read(t.Context(), w.end.N); err == nil && len(page.Records) > 0 {
			mine = page.Records[0].Position() == r.Position()
			if mine {
				return true, r.Position(), nil
			}
			return false, page.Records[len(page.Records)-1].Position(), nil
		}
	}
	return false, sharedlog.Position{}, err
}
