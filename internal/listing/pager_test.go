package listing

import (
	"strconv"
	"testing"
)

// A short first page is the largest that the API serves only if a later page
// shows something new.
func TestPagerCap(t *testing.T) {
	for name, c := range map[string]struct {
		counted   int
		pages     [][]int
		full, cap int
	}{
		"a full page":                        {-1, [][]int{{1, 2, 3}, {4}}, 3, 0},
		"a short page, not counted":          {-1, [][]int{{1, 2}}, 2, 0},
		"then a page of something new":       {-1, [][]int{{1, 2}, {3}}, 2, 2},
		"then the same again":                {-1, [][]int{{1, 2}, {1, 2}}, 2, 0},
		"then nothing":                       {-1, [][]int{{1, 2}, {}}, 2, 0},
		"a short page that is all there is":  {2, [][]int{{1, 2}}, 3, 0},
		"a short page, and more are counted": {5, [][]int{{1, 2}}, 2, 0},
		"a later page shows it":              {5, [][]int{{1, 2}, {}, {5}}, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := NewPager(3, c.counted, func(n *int) string { return strconv.Itoa(*n) })
			for i, page := range c.pages {
				p.Take(i+1, page)
			}
			if p.Full() != c.full || p.Cap() != c.cap {
				t.Errorf("full is %d, cap %d; want %d, %d", p.Full(), p.Cap(), c.full, c.cap)
			}
		})
	}
}
