package text

import (
	"testing"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
)

func TestReadingWords(t *testing.T) {
	since := time.Date(2026, 10, 23, 12, 0, 0, 0, time.UTC)
	for want, r := range map[string]plan.Reading{
		"": {Counted: -1},
		"listed all 5,002 orders since 2026-10-23":                   {Counted: 5002, Since: since},
		"listed all 1 order since 2026-10-23, 3 one by one":          {Counted: 1, Since: since, Singles: 3},
		"found 1,030 in 2 listings by status and date, 4 one by one": {Counted: -1, Listings: 2, Found: 1030, Singles: 4},
		"3 one by one (listing all 100,000 takes more calls)":        {Counted: 100000, Singles: 3},
		"found 30 in 1 listing by status and date":                   {Counted: 400, Listings: 1, Found: 30},
	} {
		if got := readingWords(r); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}
