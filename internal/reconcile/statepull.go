package reconcile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
	"github.com/gdfctl/gdfctl/internal/state"
)

// PullRequest asks for the state as one file.
type PullRequest struct {
	Source
	Out string    // the file to write; empty: To
	To  io.Writer // where Out is empty
}

// Pull writes what the state says now, and as of which moment. It takes no lease, and
// a run is not disturbed.
func Pull(ctx context.Context, req PullRequest, d Deps, o Observer) (*state.Pulled, error) {
	w, err := d.forRecords(req.Source, o.inTurn())
	if err != nil {
		return nil, err
	}
	defer w.close()
	if req.Out != "" {
		if err := writableAside(req.Out, w.store.Files()); err != nil {
			return nil, fileNamed(err)
		}
	}
	pulled, notices, err := w.store.Pull(ctx, w.home.state)
	if err != nil {
		return nil, err
	}
	w.notices(notices)
	if req.Out == "" {
		return pulled, pulled.Encode(req.To)
	}
	// Its owner alone can read it, whoever could read the file that it replaces: a
	// state names orders.
	err = disk.Swap(req.Out, 0o600, func(f *os.File) error {
		return errors.Join(disk.SetMode(f, 0o600), pulled.Encode(f))
	})
	if err != nil {
		return nil, fmt.Errorf("%s can't be written: %w", req.Out, disk.Cause(err))
	}
	return pulled, nil
}

// fileNamed is the error for a FILE of a command line, which is no flag.
func fileNamed(err error) error {
	if e := (*RequestError)(nil); errors.As(err, &e) {
		return fmt.Errorf("the file %s", e.Problem)
	}
	return err
}
