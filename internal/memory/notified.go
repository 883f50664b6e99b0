package memory

import (
	"encoding/json"
)

// Notified is what is remembered of notify blocks, as UpdateNotified hands
// it on, where it can't be changed.
func (k Memory) Notified() json.RawMessage { return k.member(notifiedMember) }

const notifiedMember = "notified"

// UpdateNotified hands change what is remembered of notify blocks, as JSON, and
// keeps what it returns, while no other process can do the same. What that JSON
// says is its writer's business. It is nil where nothing is remembered, or
// the file can't be made sense of.
func (k Memory) UpdateNotified(change func(json.RawMessage) (json.RawMessage, error)) error {
	return k.in.update(func(m members) (err error) {
		m[notifiedMember], err = change(m[notifiedMember])
		if m[notifiedMember] == nil {
			delete(m, notifiedMember)
		}
		return err
	})
}
