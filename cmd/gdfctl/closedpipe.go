package main

import (
	"errors"
	"io"
)

// errNobodyReads is what writing to standard output returns after the reader
// has gone: `gdfctl plan --full | head`, or a pager that was quit. It is no
// error of the command, which ends quietly.
var errNobodyReads = errors.New("nobody reads the output any more")

// output is standard output. Its broken pipe is told from those of connections.
type output struct{ w io.Writer }

func (o output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if brokenPipe(err) {
		err = errNobodyReads
	}
	return n, err
}

// shown is the error of showing something before more is to be done: that it is
// not looked at to its end must not keep a plan from being saved.
func shown(err error) error {
	if errors.Is(err, errNobodyReads) {
		return nil
	}
	return err
}
