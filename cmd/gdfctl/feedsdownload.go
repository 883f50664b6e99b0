package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/gdfctl/gdfctl/internal/godatafeed"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/view/text"
	"github.com/gdfctl/gdfctl/internal/words"
)

type downloadOptions struct {
	variableFlags
	accountFlag
	out string
}

func newFeedsDownload(p *program) *cobra.Command {
	o := downloadOptions{}
	cmd := &cobra.Command{
		Use:   "download ID",
		Short: "Download a feed's file",
		Long: `download writes the compiled file of a feed, CSV or tab-delimited text, to
standard output, or to the file that --out names. That file is there when all
of it came, and not before: a download that fails leaves what was there. One
that is cut off begins again, three times at most.`,
		Example: `  gdfctl feeds download --out feed.csv "$ID"
  gdfctl feeds download "$ID" | head`,
		Args: oneArg("the feed's id"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.runFeedsDownload(cmd.Context(), args[0], o) },
	}
	o.variableFlags.register(cmd)
	o.accountFlag.register(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "write to this `file` instead of standard output")
	return cmd
}

func (p *program) runFeedsDownload(ctx context.Context, id string, o downloadOptions) error {
	if info, err := os.Stat(o.out); o.out != "" && err == nil && !info.Mode().IsRegular() {
		return usagef("--out takes a file, and %s is none", o.out)
	}
	w, a, client, err := p.live(ctx, o.variableFlags, o.accountFlag)
	if err != nil {
		return err
	}
	defer w.close()
	if o.out == "" {
		return p.downloadHere(ctx, a, client, id)
	}
	return p.downloadTo(ctx, a, client, id, o.out)
}

// downloadHere passes the file on to the letter, but for a terminal: there it
// must not do more than be seen.
func (p *program) downloadHere(ctx context.Context, a *spec.Account, client *godatafeed.Client, id string) error {
	if !p.styleOut.Terminal {
		return p.feedError(ctx, a, id, client.DownloadFeed(ctx, id, newContinued(p.stdout).copy))
	}
	shown := text.Escaped(p.stdout)
	err := client.DownloadFeed(ctx, id, newContinued(shown).copy)
	return errors.Join(p.feedError(ctx, a, id, err), shown.Close())
}

func (p *program) downloadTo(ctx context.Context, a *spec.Account, client *godatafeed.Client, id, path string) error {
	var size int64
	err := replaceFile(path, 0o644, func(f *os.File) error {
		return p.feedError(ctx, a, id, client.DownloadFeed(ctx, id, func(file io.Reader) (err error) {
			size, err = fillAnew(f, file)
			return err
		}))
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Wrote %s: %s.\n", safetext.Line(path), words.Count(int(size), "byte", "bytes"))
	return nil
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
		return size, fmt.Errorf("the file can't be written: %w", bare(err))
	}
	return size, nil
}
