package shared

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// valueError says that a value is not there or is not what its hash says.
type valueError struct {
	place, hash string
	err         error
}

func (e *valueError) Error() string {
	return fmt.Sprintf("the value %.12s of %s is damaged: %v", e.hash, e.place, e.err)
}

func (e *valueError) Unwrap() error { return e.err }

// values are the values of a place, with those that this machine has read.
type values struct {
	place   sharedlog.Place
	dir     folder
	work    *workspace
	keeping sync.Mutex // one file at a time
}

// atOnce is how many values are put or got at once: a large state has a hundred of
// them, and a round trip for each, one after the other, would take a minute.
const atOnce = 8

// get returns a value whose bytes have its hash.
func (v *values) get(ctx context.Context, want sharedlog.Value) ([]byte, error) {
	path := v.dir.value(want.Hash)
	if data, err := os.ReadFile(path); err == nil && is(data, want) {
		return data, nil
	}
	data, err := v.fetch(ctx, want)
	if err != nil {
		return nil, err
	}
	v.keep(want.Hash, data)
	return data, nil
}

// fetch returns a value as the place keeps it.
func (v *values) fetch(ctx context.Context, want sharedlog.Value) ([]byte, error) {
	data, err := v.place.Get(ctx, want.Hash)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &valueError{v.place.String(), want.Hash, err}
	case err != nil:
		return nil, err
	case !is(data, want):
		return nil, &valueError{v.place.String(), want.Hash, fmt.Errorf("it has other bytes")}
	}
	return data, nil
}

// is reports whether these are the bytes of a value.
func is(data []byte, v sharedlog.Value) bool {
	return int64(len(data)) == v.Size && sharedlog.HashOf(data) == v.Hash
}

// put keeps a value in the place, whether it is there or not.
func (v *values) put(ctx context.Context, data []byte) (sharedlog.Value, error) {
	named := sharedlog.Value{Hash: sharedlog.HashOf(data), Size: int64(len(data))}
	if err := v.place.Put(ctx, named.Hash, data); err != nil {
		return named, err
	}
	v.keep(named.Hash, data)
	return named, nil
}

// keep keeps a value on this machine. One that can't be kept is read again.
func (v *values) keep(hash string, data []byte) {
	v.keeping.Lock()
	defer v.keeping.Unlock()
	_ = disk.ReplaceFrom(v.work.dir, v.dir.value(hash), data)
}

// forget removes the values of this machine that nothing names any more.
func (v *values) forget(named map[string]bool) {
	entries, err := os.ReadDir(v.dir.value(""))
	if err != nil {
		return
	}
	for _, e := range entries {
		if !named[e.Name()] {
			_ = os.Remove(v.dir.value(e.Name()))
		}
	}
}

// copyTo writes values in their order.
func (v *values) copyTo(ctx context.Context, w io.Writer, list []sharedlog.Value) error {
	return inOrder(ctx, w, list, v.get)
}

// inOrder writes values in their order. The next ones are on their way meanwhile.
func inOrder(ctx context.Context, w io.Writer, list []sharedlog.Value, get func(context.Context, sharedlog.Value) ([]byte, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	type answer struct {
		data []byte
		err  error
	}
	var coming []chan answer
	for i := range list {
		for len(coming) < atOnce && i+len(coming) < len(list) {
			want, c := list[i+len(coming)], make(chan answer, 1)
			coming = append(coming, c)
			wg.Go(func() {
				data, err := get(ctx, want)
				c <- answer{data, err}
			})
		}
		next := <-coming[0]
		coming = coming[1:]
		if next.err != nil {
			return next.err
		}
		if _, err := w.Write(next.data); err != nil {
			return err
		}
	}
	return nil
}

// prefetch gets the values of all parts that this machine does not have, some at once:
// one part after the other, each would cost a round trip at least. What fails is said
// where it is copied.
func (v *values) prefetch(ctx context.Context, parts []sharedlog.Content) {
	var wg sync.WaitGroup
	room := make(chan struct{}, atOnce)
	for _, c := range parts {
		for _, want := range c.Values {
			if _, err := os.Lstat(v.dir.value(want.Hash)); err == nil {
				continue
			}
			room <- struct{}{}
			wg.Go(func() {
				defer func() { <-room }()
				_, _ = v.get(ctx, want)
			})
		}
	}
	wg.Wait()
}

// puts puts values, some at once, and keeps their order.
type puts struct {
	put  func(data []byte) (sharedlog.Value, error)
	room chan struct{}
	wg   sync.WaitGroup

	mu   sync.Mutex // guards what follows
	list []sharedlog.Value
	err  error // the first one
}

func newPuts(put func(data []byte) (sharedlog.Value, error)) *puts {
	return &puts{put: put, room: make(chan struct{}, atOnce)}
}

// add puts a value when there is room for it. After an error nothing more is put.
func (p *puts) add(data []byte) {
	p.room <- struct{}{}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		<-p.room
		return
	}
	i := len(p.list)
	p.list = append(p.list, sharedlog.Value{})
	p.wg.Go(func() {
		defer func() { <-p.room }()
		named, err := p.put(data)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.list[i] = named
		if p.err == nil {
			p.err = err
		}
	})
}

// done waits for all of them.
func (p *puts) done() ([]sharedlog.Value, error) {
	p.wg.Wait()
	return p.list, p.err
}
