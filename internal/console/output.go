package console

import (
	"errors"
	"io"
)

// ErrNobodyReads is what writing to an [Output] returns after the reader has
// gone: `gdfctl plan --full | head`, or a pager that was quit. The command did not fail:
// it ends quietly.
var ErrNobodyReads = errors.New("nobody reads the output any more")

// Output is standard output, whose broken pipe is another error than that of a connection.
type Output struct{ io.Writer }

func (o Output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if brokenPipe(err) {
		err = ErrNobodyReads
	}
	return n, err
}

// Shown is the error of showing something before more is to be done: that it is
// not looked at to its end must not keep a plan from being saved.
func Shown(err error) error {
	if errors.Is(err, ErrNobodyReads) {
		return nil
	}
	return err
}

// Counted is an output, and whether anything was printed to it.
type Counted struct {
	io.Writer
	Printed bool
}

func (c *Counted) Write(p []byte) (int, error) {
	c.Printed = c.Printed || len(p) > 0
	return c.Writer.Write(p)
}
