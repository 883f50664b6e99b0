package pglog

import (
	"encoding/binary"
	"errors"
	"io"

	"github.com/gdfctl/gdfctl/internal/acceptance/stores"
)

var errCut = errors.New("cut")

// messages passes on the messages of one side of a connection, after those that a
// function wants to keep: it may block, and an error cuts. The client's first message
// has no kind.
func messages(client bool, pass func(kind byte, message []byte) error) stores.Filter {
	return func(from io.Reader, to io.Writer) error {
		for first := client; ; first = false {
			header := make([]byte, 5)
			if first {
				header = header[:4]
			}
			if _, err := io.ReadFull(from, header); err != nil {
				return err
			}
			var kind byte
			if !first {
				kind = header[0]
			}
			message := append(header, make([]byte, binary.BigEndian.Uint32(header[len(header)-4:])-4)...)
			if _, err := io.ReadFull(from, message[len(header):]); err != nil {
				return err
			}
			if err := pass(kind, message); err != nil {
				return err
			}
			if _, err := to.Write(message); err != nil {
				return err
			}
		}
	}
}

func all(byte, []byte) error { return nil }
