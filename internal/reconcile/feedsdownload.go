package reconcile

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/gdfctl/gdfctl/internal/disk"
)

// DownloadRequest asks for a feed's file.
type DownloadRequest struct {
	FeedRequest
	Out string    // the file to write; empty: To
	To  io.Writer // gets the file as it comes
}

// DownloadFeed downloads a feed's file. The file that Out names is there when
// all of it came, and not before; its size in bytes is returned.
func DownloadFeed(ctx context.Context, req DownloadRequest, d Deps, o Observer) (size int64, err error) {
	if info, err := os.Stat(req.Out); req.Out != "" && err == nil && !info.Mode().IsRegular() {
		return 0, requestf("out", "must be a regular file, and %s is not", req.Out)
	}
	o = o.inTurn()
	ctx = o.withWaits(ctx)
	l, err := d.live(req.Source, req.Account, o)
	if err != nil {
		return 0, err
	}
	defer l.close()
	if req.Out == "" {
		out := newContinued(req.To)
		err := l.client.DownloadFeed(ctx, req.ID, out.copy)
		return out.passed, l.feedError(ctx, req.ID, err)
	}
	err = disk.ReplaceFile(req.Out, 0o644, func(f *os.File) error {
		return l.feedError(ctx, req.ID, l.client.DownloadFeed(ctx, req.ID, func(file io.Reader) (err error) {
			size, err = fillAnew(f, file)
			return err
		}))
	})
	return size, err
}

// fillAnew puts what r holds in the place of what f does.
func fillAnew(f *os.File, r io.Reader) (size int64, err error) {
	if _, err = f.Seek(0, io.SeekStart); err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		size, err = io.Copy(f, r)
	}
	if err != nil {
		return size, fmt.Errorf("the file can't be written: %w", disk.Cause(err))
	}
	return size, nil
}
