package listing

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// server lists numbers from 0 on, in pages that are no larger than its cap.
type server struct {
	total, cap int
	calls      int
	shift      int // how much later pages move back, as when others arrive
	repeats    bool
}

func (s *server) page(_ context.Context, page, size int) ([]int, error) {
	s.calls++
	if s.cap > 0 {
		size = min(size, s.cap)
	}
	if s.repeats {
		page = 1
	}
	from := max(0, (page-1)*size-s.shift*min(1, page-1))
	var out []int
	for n := from; n < min(from+size, s.total); n++ {
		out = append(out, n)
	}
	return out, nil
}

func (s *server) source() Source[int] {
	return Source[int]{Page: s.page, ID: func(n *int) string { return strconv.Itoa(*n) }, Size: 10}
}

func TestFindReadsAll(t *testing.T) {
	for name, c := range map[string]struct {
		server
		calls, pageCap int
	}{
		"nothing":           {server: server{total: 0}, calls: 1},
		"one short page":    {server: server{total: 7}, calls: 2},
		"one full page":     {server: server{total: 10}, calls: 2},
		"pages":             {server: server{total: 25}, calls: 3},
		"full pages":        {server: server{total: 30}, calls: 4},
		"capped pages":      {server: server{total: 10, cap: 4}, calls: 3, pageCap: 4},
		"full capped pages": {server: server{total: 8, cap: 4}, calls: 3, pageCap: 4},
		"overlapping pages": {server: server{total: 25, shift: 2}, calls: 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.server
			got, err := Find(t.Context(), s.source(), Selection[int]{})
			if err != nil {
				t.Fatal(err)
			}
			var want []int
			for n := range c.total {
				want = append(want, n)
			}
			if diff := cmp.Diff(want, got.Items); diff != "" {
				t.Error(diff)
			}
			if got.Cut || got.PageCap != c.pageCap || s.calls != c.calls {
				t.Errorf("cut %t, page cap %d, %d calls; want false, %d, %d", got.Cut, got.PageCap, s.calls, c.pageCap, c.calls)
			}
		})
	}
}

func TestFindEndsWhereTheServerRepeatsItself(t *testing.T) {
	s := server{total: 30, repeats: true}
	got, err := Find(t.Context(), s.source(), Selection[int]{})
	if err != nil || len(got.Items) != 10 || s.calls != 2 {
		t.Errorf("%d items in %d calls, %v", len(got.Items), s.calls, err)
	}
}

func TestFindStopsAtItsLimit(t *testing.T) {
	even := func(n *int) bool { return *n%2 == 0 }
	for name, c := range map[string]struct {
		keep  func(*int) bool
		want  []int
		calls int
	}{
		"all":  {nil, []int{0, 1, 2}, 1},
		"some": {even, []int{0, 2, 4}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := server{total: 100}
			got, err := Find(t.Context(), s.source(), Selection[int]{Keep: c.keep, Limit: 3})
			if err != nil || !slices.Equal(got.Items, c.want) || !got.Cut || s.calls != c.calls {
				t.Errorf("%v, cut %t, %d calls, %v", got.Items, got.Cut, s.calls, err)
			}
		})
	}
}

func TestFindReturnsTheFirstError(t *testing.T) {
	broken := errors.New("broken")
	_, err := Find(t.Context(), Source[int]{Page: func(context.Context, int, int) ([]int, error) { return nil, broken }, Size: 10}, Selection[int]{})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}
