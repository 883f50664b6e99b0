package shared

import (
	"errors"
	"strings"
	"testing"

	"github.com/gdfctl/gdfctl/internal/state/backend"
	"github.com/gdfctl/gdfctl/internal/state/sharedlog"
)

// A later gdfctl can carry a state to another place, and says so in both. Whoever
// reads or locks it here stops, until it arrived.
func TestALogThatMoves(t *testing.T) {
	for name, c := range map[string]struct {
		records []sharedlog.Record
		says    string // empty: it is read
	}{
		"it is on its way here": {[]sharedlog.Record{{Kind: sharedlog.Incoming, To: "s3://former"}}, "on its way from s3://former"},
		"it arrived":            {[]sharedlog.Record{{Kind: sharedlog.Incoming, To: "s3://former"}, {Kind: sharedlog.Active}}, ""},
		"it moved":              {[]sharedlog.Record{{Kind: sharedlog.Moved, To: "s3://next"}}, "moved from memory:a to s3://next"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			for i := range c.records {
				s.append(t, &c.records[i])
			}
			before := len(s.Records())
			b := s.machine(t, "a", newClocks())
			l, _, lockErr := b.Lock(t.Context(), backend.Request{Holder: backend.Holder{ID: "A"}})
			if lockErr == nil {
				fatal(t, l.Release())
			}
			for what, err := range map[string]error{"reading": s.machine(t, "a", newClocks()).Refresh(t.Context()), "locking": lockErr} {
				moved := (*MovedError)(nil)
				if c.says == "" && err != nil || c.says != "" && (!errors.As(err, &moved) || !strings.Contains(err.Error(), c.says)) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if n := len(s.Records()) - before; c.says != "" && n != 0 {
				t.Errorf("%d records were appended", n)
			}
		})
	}
}
