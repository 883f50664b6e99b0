package s3log

import (
	"context"
	"sync"
)

// together makes a few requests at once, and returns the first error that is none
// of those by which the others end.
func together(ctx context.Context, requests ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var once sync.Once
	var first error
	for _, request := range requests {
		wg.Go(func() {
			if err := request(ctx); err != nil {
				once.Do(func() { first = err })
				cancel()
			}
		})
	}
	wg.Wait()
	return first
}
