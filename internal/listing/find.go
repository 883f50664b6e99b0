package listing

import "context"

// Selection is what Find looks for.
type Selection[T any] struct {
	Keep  func(*T) bool // nil: everything
	Limit int           // so many are enough; 0: all
}

// Found is what Find found.
type Found[T any] struct {
	Items   []T
	Cut     bool // the limit was reached: there may be more
	PageCap int  // the largest page that the API serves, if it is smaller than asked for
}

// Find reads a list until its end or up to a limit. What is on two pages,
// because other things turned up meanwhile, is found once.
func Find[T any](ctx context.Context, s Source[T], want Selection[T]) (Found[T], error) {
	if want.Keep == nil && want.Limit > 0 {
		s.Size = min(s.Size, want.Limit)
	}
	var found Found[T]
	enough := func() bool { return want.Limit > 0 && len(found.Items) == want.Limit }
	pager, err := InTurn(ctx, s, func(page Page[T]) bool {
		for _, item := range page.New {
			if want.Keep != nil && !want.Keep(item) {
				continue
			}
			if enough() {
				found.Cut = true
				return false
			}
			found.Items = append(found.Items, *item)
		}
		found.Cut = enough() && !page.Last
		return !found.Cut
	})
	found.PageCap = pager.Cap()
	return found, err
}
