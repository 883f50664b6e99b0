package pglog

import (
	"errors"
	"io/fs"
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// A value that nothing names any more is put again just when it is about to be
// swept: whoever did that will name it.
func TestAValueThatIsPutAgainStays(t *testing.T) {
	t.Parallel()
	db := stores.Postgres(t)
	w := begun(t, db.URL, 1)
	values := [][]byte{[]byte("old"), []byte("put again")}
	for _, v := range values {
		must(t, w.Put(t.Context(), sharedlog.HashOf(v), v))
	}
	db.Query(t, "UPDATE gdfctl.value SET put_at = put_at - interval '8 days'")
	other := open(t, db.URL)
	again := sharedlog.HashOf(values[1])
	must(t, w.Sweep(t.Context(), func(hash string) bool {
		if hash == again {
			must(t, other.Put(t.Context(), hash, values[1]))
		}
		return false
	}, time.Now().AddDate(0, 0, -7)))
	if got, err := w.Get(t.Context(), again); err != nil || string(got) != string(values[1]) {
		t.Errorf("the value that was put again is %q, %v", got, err)
	}
	if _, err := w.Get(t.Context(), sharedlog.HashOf(values[0])); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the old value: error %v", err)
	}
}
