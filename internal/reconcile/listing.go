package reconcile

// listing reads a list of the API page by page.
type listing[T any] struct {
	get   func(page, size int) ([]T, error)
	id    func(*T) string
	keep  func(*T) bool // nil: all
	size  int           // orders or feeds of a page, as asked for
	limit int           // enough are as many; 0: all
}

// listed is what a listing found.
type listed[T any] struct {
	items   []T
	cut     bool // there may be more: the limit was reached
	pageCap int  // the largest page that the API serves, if it is smaller than what was asked for
}

// read goes on until a page is shorter than the first one. That the first one
// is shorter than asked for can mean that the API serves no larger pages: only
// the next page tells. Things that stand on two pages, since others arrived
// meanwhile, are listed once.
func (l listing[T]) read() (listed[T], error) {
	if l.keep == nil && l.limit > 0 {
		l.size = min(l.size, l.limit)
	}
	var out listed[T]
	seen := map[string]bool{}
	full := 0
	for page := 1; ; page++ {
		items, err := l.get(page, l.size)
		if err != nil {
			return out, err
		}
		fresh := 0
		for i := range items {
			id := l.id(&items[i])
			if seen[id] {
				continue
			}
			seen[id] = true
			fresh++
			if l.keep != nil && !l.keep(&items[i]) {
				continue
			}
			if l.limit > 0 && len(out.items) == l.limit {
				out.cut = true
				return out, nil
			}
			out.items = append(out.items, items[i])
		}
		if page == 1 {
			full = len(items)
		} else if fresh > 0 && full < l.size {
			out.pageCap = full
		}
		switch {
		case fresh == 0, len(items) < full:
			return out, nil
		case l.limit > 0 && len(out.items) == l.limit:
			out.cut = true
			return out, nil
		}
	}
}
