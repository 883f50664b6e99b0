package listing

import (
	"context"
	"errors"
	"sync"
)

// fewPages is the most pages that are always read one after the other.
const fewPages = 4

// errNothingNew stops a reading whose pages repeat each other.
var errNothingNew = errors.New("a page shows nothing new")

// Counted reads a list that was counted, and compares the two.
type Counted[T any] struct {
	Source[T]
	Count  func(context.Context) (int, error)
	Expect int       // things that a page is expected to hold
	AtOnce int       // pages that are read side by side
	All    bool      // everything has to be found, even if the count is too low
	Visit  func([]T) // takes each page, one at a time; things can be on several
}

// Outcome is what came of reading a counted list.
type Outcome struct {
	Complete bool // as much was listed as was counted
	Counted  int  // by the latest count
	Seen     int
	PageCap  int // see Pager.Cap
}

// Read reads the list; counted is what Count said before. If the first time was
// incomplete and everything has to be found, the list is counted again and read
// once more, page after page. What is still incomplete then stays so.
func (c Counted[T]) Read(ctx context.Context, counted int) (Outcome, error) {
	r := c.start(counted)
	complete, err := r.first(ctx)
	if err == nil && !complete && c.All {
		if counted, err = c.Count(ctx); err != nil {
			return Outcome{}, err
		}
		r = c.start(counted)
		err = r.inTurn(ctx, 1)
		complete = r.pager.Complete()
	}
	return Outcome{Complete: complete && err == nil, Counted: counted, Seen: r.pager.Seen(), PageCap: r.pager.Cap()}, err
}

func (c Counted[T]) start(counted int) *reading[T] {
	return &reading[T]{Counted: c, counted: counted, pager: NewPager(c.Size, counted, c.ID)}
}

// reading goes through the pages once.
type reading[T any] struct {
	Counted[T]
	counted int

	mu    sync.Mutex // guards pager and calls of Visit, where pages are read side by side
	pager *Pager[T]
}

// first reads page after page, or side by side if there are many.
func (r *reading[T]) first(ctx context.Context) (complete bool, err error) {
	if r.counted <= fewPages*r.Expect {
		err = r.inTurn(ctx, 1)
		return err == nil && r.pager.Complete(), err
	}
	if _, _, err := r.page(ctx, 1); err != nil {
		return false, err
	}
	if r.pager.Full() == 0 {
		return false, nil
	}
	err = r.rest(ctx)
	if errors.Is(err, errNothingNew) {
		return false, nil
	}
	if err != nil || !r.pager.Complete() || !r.All {
		return err == nil && r.pager.Complete(), err
	}
	// Something that turns up meanwhile can push another thing from a page that
	// is still to be read to one that was read, and make up for it in the count.
	again, err := r.Count(ctx)
	return err == nil && again == r.counted, err
}

// rest reads all pages but the first, side by side. If everything has to be
// found, it goes on until a page is short, as inTurn does: the count can be too
// low.
func (r *reading[T]) rest(ctx context.Context) error {
	full := r.pager.Full()
	last := (r.counted-1)/full + 1
	if r.All {
		last = r.counted/full + 1
	}
	shown := 0 // on the last page
	err := SideBySide(ctx, last-1, r.AtOnce, func(ctx context.Context, i int) error {
		n, fresh, err := r.page(ctx, i+2)
		if i+2 == last {
			shown = n
		} else if err == nil && fresh == 0 {
			err = errNothingNew
		}
		return err
	})
	if err == nil && r.All && shown >= full {
		err = r.inTurn(ctx, last+1)
	}
	return err
}

// inTurn reads page after page, from that one on. It goes on until a page is
// shorter than the others, since the count alone can be reached while things
// are still missing.
func (r *reading[T]) inTurn(ctx context.Context, from int) error {
	stuck := 0 // pages in a row that showed nothing new: the API repeats itself
	for page := from; stuck < 2 && page/2 <= r.counted/max(r.pager.Full(), 1)+5; page++ {
		shown, fresh, err := r.page(ctx, page)
		if err != nil {
			return err
		}
		if stuck++; fresh > 0 {
			stuck = 0
		}
		if r.pager.Short(shown) || r.pager.Complete() && (fresh == 0 || !r.All) {
			break
		}
	}
	return nil
}

// page reads one page, and returns how many things it showed and how many of
// them are new.
func (r *reading[T]) page(ctx context.Context, page int) (shown, fresh int, err error) {
	items, err := r.Page(ctx, page, r.Size)
	if err != nil {
		return 0, 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh = len(r.pager.Take(page, items))
	r.Visit(items)
	return len(items), fresh, nil
}
