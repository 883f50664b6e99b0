package memory

import "encoding/json"

// Memory is what is kept, and where: in a File, or in a Log.
type Memory struct{ in place }

func (m Memory) String() string { return m.in.String() }

// place keeps members.
type place interface {
	String() string // what messages call it
	// read returns the members; nil where nothing is kept.
	read() (members, error)
	// update hands the members to change, as they are now, and keeps what it makes of
	// them: nobody else can do the same meanwhile, or it is called again.
	update(change func(members) error) error
}

// members are what is kept, each of which belongs to one file of this package.
type members map[string]json.RawMessage

// member returns one member as it is kept; nil if it isn't there, or nothing can be
// read.
func (m Memory) member(name string) json.RawMessage {
	all, _ := m.in.read()
	return all[name]
}
