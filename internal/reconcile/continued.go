package reconcile

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

// continued passes a file on to where it can't be taken back. When the file
// was cut off and comes again from its beginning, it goes on where it stopped,
// if what was passed on is what comes again.
type continued struct {
	w      io.Writer
	passed int64     // bytes that w has
	sum    hash.Hash // of them
}

func newContinued(w io.Writer) *continued { return &continued{w: w, sum: sha256.New()} }

var errOtherFile = errors.New("it was cut off, and is another file now: what was printed is of no use; download it again, to a file with --out")

func (c *continued) copy(file io.Reader) error {
	if err := c.skip(file); err != nil {
		return err
	}
	n, err := io.Copy(io.MultiWriter(c.w, c.sum), file)
	c.passed += n
	if err != nil {
		return fmt.Errorf("the file can't be written: %w", err)
	}
	return nil
}

// skip reads what was passed on before, and sees that it is the same.
func (c *continued) skip(file io.Reader) error {
	again := sha256.New()
	_, err := io.CopyN(again, file, c.passed)
	if errors.Is(err, io.EOF) || err == nil && !bytes.Equal(again.Sum(nil), c.sum.Sum(nil)) {
		return errOtherFile
	}
	return err
}
