package state

import "encoding/json"

// LoadNotified is what is remembered of notify blocks, as UpdateNotified hands
// it on, where it can't be changed.
func LoadNotified(path string) json.RawMessage { return loadMember(path, notifiedMember) }

const notifiedMember = "notified"

// UpdateNotified hands change what is remembered of notify blocks, as JSON, and
// keeps what it returns, while no other process can do the same. What that JSON
// says is its writer's business. It is nil where nothing is remembered, or
// the file can't be made sense of.
func UpdateNotified(path string, change func(json.RawMessage) (json.RawMessage, error)) error {
	return updateFeeds(OS{}, path, func(members feedsMembers) (err error) {
		members[notifiedMember], err = change(members[notifiedMember])
		if members[notifiedMember] == nil {
			delete(members, notifiedMember)
		}
		return err
	})
}
