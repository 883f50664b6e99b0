package spec

import (
	"slices"

	"github.com/gdfctl/gdfctl/internal/diag"
)

// Config is everything that the files of one directory say, without their tables.
type Config struct {
	Dir       string
	Accounts  []*Account // sorted by name; never empty
	Backend   Backend
	Policy    Policy
	Batches   []string  // their addresses
	Watches   []*Watch  // sorted by name
	Notify    []*Notify // sorted by name
	Released  []Release
	Schedules []*Schedule // sorted by name
}

// Account returns the account of that name.
func (c *Config) Account(name string) (*Account, bool) {
	for _, a := range c.Accounts {
		if a.Name == name {
			return a, true
		}
	}
	return nil, false
}

// Backend says where the state is kept, as it is written. What its label and
// attributes mean is for the backend to say.
type Backend struct {
	Label      string // "" where the files can't be read
	At         *diag.Range
	Attributes []BackendAttribute // in the order in which they are written
	Faulty     bool               // something in the gdfctl block is wrong, and the place may be another one
}

// BackendAttribute is one attribute of a backend block. Its value is held as
// text, also where it is true or a number.
type BackendAttribute struct {
	Name    string
	Value   string
	From    string // the environment variable that Value is taken from, and may be empty; "" where it is written
	Known   bool   // the value could be evaluated
	NameAt  *diag.Range
	ValueAt *diag.Range
}

// Has reports whether the block has an attribute of that name.
func (b Backend) Has(name string) bool {
	return slices.ContainsFunc(b.Attributes, func(a BackendAttribute) bool { return a.Name == name })
}
