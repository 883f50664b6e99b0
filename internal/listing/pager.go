package listing

// Pager learns from the pages of one list how large they are and when the list
// ends.
type Pager[T any] struct {
	id      func(*T) string
	size    int // of a page, as asked for
	counted int // things in the list, as counted before; -1: not counted
	full    int // things on a page that is not the last
	pageCap int
	seen    map[string]struct{}
}

// mostRoom is for how many things room is made because of a count alone.
const mostRoom = 1 << 20

// NewPager is for a list whose pages are asked for in this size; counted is -1
// for one that was not counted.
func NewPager[T any](size, counted int, id func(*T) string) *Pager[T] {
	return &Pager[T]{id: id, size: size, counted: counted, full: size, seen: make(map[string]struct{}, max(0, min(counted, mostRoom)))}
}

// Take takes note of a page, counted from 1, and returns what no page showed
// before. The first page must be the first that is taken.
//
// A first page that is shorter than asked for, though there may be more, can be
// all that the API serves on one page. Only a later page that shows something
// new proves it.
func (p *Pager[T]) Take(page int, items []T) []*T {
	var fresh []*T
	for i := range items {
		id := p.id(&items[i])
		if _, seen := p.seen[id]; !seen {
			p.seen[id] = struct{}{}
			fresh = append(fresh, &items[i])
		}
	}
	switch {
	case page == 1 && len(items) < p.size && (p.counted < 0 || len(items) < p.counted):
		p.full = len(items)
	case page > 1 && len(fresh) > 0 && p.full < p.size:
		p.pageCap = p.full
	}
	return fresh
}

// Short reports whether a page with so many things is shorter than the others:
// nothing follows it.
func (p *Pager[T]) Short(shown int) bool { return shown == 0 || shown < p.full }

// Full is how many things are on a page that is not the last.
func (p *Pager[T]) Full() int { return p.full }

// Cap is the largest page that the API serves if that is smaller than asked
// for; 0 if no page proved it.
func (p *Pager[T]) Cap() int { return p.pageCap }

// Seen is how many things the pages showed.
func (p *Pager[T]) Seen() int { return len(p.seen) }

// Complete reports whether the pages showed as many things as were counted.
func (p *Pager[T]) Complete() bool { return p.counted >= 0 && len(p.seen) >= p.counted }
