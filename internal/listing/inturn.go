package listing

import "context"

// Source is a list of the API.
type Source[T any] struct {
	Page func(ctx context.Context, page, size int) ([]T, error) // pages are counted from 1
	ID   func(*T) string
	Size int // things on a page, as asked for
}

// Page is what InTurn shows of a page.
type Page[T any] struct {
	Number int
	Shown  int  // things on it
	New    []*T // those that no page before it showed
	Full   int  // things on a page that is not the last, as far as is known
	Last   bool // nothing follows
}

// InTurn reads page after page until one is shorter than the first, or shows
// nothing new, or visit returns false. New things that turn up meanwhile only
// push others to pages that are still to come.
func InTurn[T any](ctx context.Context, s Source[T], visit func(Page[T]) (more bool)) (*Pager[T], error) {
	pager := NewPager(s.Size, -1, s.ID)
	for number := 1; ; number++ {
		items, err := s.Page(ctx, number, s.Size)
		if err != nil {
			return pager, err
		}
		page := Page[T]{Number: number, Shown: len(items), New: pager.Take(number, items), Full: pager.Full()}
		page.Last = len(page.New) == 0 || pager.Short(len(items))
		if !visit(page) || page.Last {
			return pager, nil
		}
	}
}
