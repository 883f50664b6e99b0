package backend

import "context"

// Notes is a Backend that also keeps what runs learned and no order depends on. Who
// adds to it needs no lease, and takes none from whoever holds it. Other backends leave
// that to files of this machine, beside the state.
type Notes interface {
	// Noted is what was noted, as of the moment of the parts.
	Noted(context.Context) ([]byte, error)
	// Note adds what build makes of what was noted by now. It is called again where
	// another one noted something first, so that nobody's notes are lost.
	Note(ctx context.Context, by Holder, build func(now []byte) (Note, error)) error
}

// Note is what is noted. Its zero value is nothing.
type Note struct {
	Text  []byte // lines
	Whole bool   // instead of what was noted before
}
