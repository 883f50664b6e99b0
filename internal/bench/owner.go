package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
)

// owner stands for a test where servers are started that tests have: they end with
// it, and it is where they say what goes wrong.
type owner struct {
	testing.TB // nil: whatever else a test can do is not asked for
	ctx        context.Context
	dir        string
	ends       []func()
}

// owned calls do with an owner, and ends what was started.
func (b *bench) owned(ctx context.Context, do func(*owner) error) (err error) {
	o := &owner{ctx: ctx, dir: b.dir}
	defer func() {
		for _, end := range slices.Backward(o.ends) {
			end()
		}
	}()
	defer func() {
		if said := recover(); said != nil {
			f, ours := said.(stopped)
			if !ours {
				panic(said)
			}
			err = f.err
		}
	}()
	return do(o)
}

// stopped is what ends an owner's work, in a panic.
type stopped struct{ err error }

func (o *owner) Helper()                         {}
func (o *owner) Context() context.Context        { return o.ctx }
func (o *owner) Cleanup(end func())              { o.ends = append(o.ends, end) }
func (o *owner) Fatal(args ...any)               { panic(stopped{errors.New(fmt.Sprint(args...))}) }
func (o *owner) Fatalf(form string, args ...any) { panic(stopped{fmt.Errorf(form, args...)}) }
func (o *owner) Skip(args ...any)                { o.Fatal(args...) }

func (o *owner) TempDir() string {
	dir, err := os.MkdirTemp(o.dir, "store")
	if err != nil {
		o.Fatal(err)
	}
	return dir
}
