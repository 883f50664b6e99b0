package spec

// Config is everything that the files of one directory say, without their tables.
type Config struct {
	Dir      string
	Accounts []*Account // sorted by name; never empty
	Backend  Backend
	Policy   Policy
	Watches  []*Watch  // sorted by name
	Notify   []*Notify // sorted by name
	Released []Release
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

// Backend says where the state is kept.
type Backend struct {
	Kind string // "local"
	Path string // relative to the configuration's directory
}
