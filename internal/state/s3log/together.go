package s3log

import (
	"context"
	"sync"
)

// together makes several requests at once, and returns the first error that is none
// of those by which the others end.
func together(ctx context.Context, requests ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	var once sync.Once
	var first error
	room := make(chan struct{}, atOnce)
	for _, request := range requests {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			if err := request(ctx); err != nil {
				once.Do(func() { first = err })
				cancel()
			}
		})
	}
	wg.Wait()
	return first
}
