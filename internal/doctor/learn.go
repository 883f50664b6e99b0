package doctor

import (
	"time"

	"github.com/gdfctl/gdfctl/internal/memory"
)

// facts are what an examination found out for certain. What is nil was not to
// be told; a pointer to nothing means that what was known is wrong.
type facts struct {
	pageCap   *int
	listOrder *memory.ListOrder
	dateField *memory.DateField
	clock     *time.Duration
}

// added is what is known with the new facts laid over it, and whether there are
// any.
func (f facts) added(known memory.LearnedAccount, now time.Time) (memory.LearnedAccount, bool) {
	if f == (facts{}) {
		return known, false
	}
	replace(&known.PageCap, f.pageCap)
	replace(&known.ListOrder, f.listOrder)
	replace(&known.DateField, f.dateField)
	replace(&known.ClockOffset, f.clock)
	known.At = now
	return known, true
}

func replace[T any](known, found *T) {
	if found != nil {
		*known = *found
	}
}
