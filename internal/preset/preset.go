package preset

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed data
var data embed.FS

// Preset is how the export of a program is read.
type Preset struct {
	Name string // of its folder, as it is written in a batch

	Title    string   // what it is, for people: "ShipStation shipments export"
	Columns  []Column // that the batch reads
	Absent   []string // columns that the export never has
	Any      []string // columns of which it has at least one, if there are any here
	Fallback bool     // it fits only where no other does, and what is ambiguous in it is an error
	Loose    bool     // people write its columns' names themselves: letters and digits alone count

	Statuses []string // that the export can be used for, the usual one first
	Store    string   // the column with the name of the store, if there is one
	Date     string   // the column with the ship date, if there is one
	Files    string   // the usual pattern of its files
	Note     string   // what a person has to know before using it

	// The program always writes the month first in dates like 02/03/2026.
	MonthFirst bool `json:"month_first"`

	Delimiter  string // these three as in csv(), where it is not found out
	Quotes     string
	HeaderLine int `json:"header_line"`

	Buyers []string // columns that name buyers, and are called so in this export alone

	Batch []byte `json:"-"` // the attributes, in HCL
}

// Column is a column as batch.hcl calls it.
type Column struct {
	Name     string
	Also     []string // other names of it, in other versions and languages, the likeliest first
	Required bool     // the export always has it
	Ordered  bool     // its names mean the same, also in files from anywhere
}

// all reads the presets once.
var all = sync.OnceValue(func() []*Preset {
	entries, err := fs.ReadDir(data, "data")
	if err != nil {
		panic(err) // they are part of the program
	}
	var presets []*Preset
	for _, e := range entries {
		p, err := read(e.Name())
		if err != nil {
			panic(err)
		}
		presets = append(presets, p)
	}
	return presets
})

func read(name string) (*Preset, error) {
	text, err := fs.ReadFile(data, path.Join("data", name, "header.json"))
	if err != nil {
		return nil, err
	}
	p := &Preset{Name: name}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("header.json of %s: %w", name, err)
	}
	p.Batch, err = fs.ReadFile(data, path.Join("data", name, "batch.hcl"))
	return p, err
}

// All are the presets, sorted by name.
func All() []*Preset { return slices.Clone(all()) }

// Names are their names, sorted.
func Names() []string {
	var names []string
	for _, p := range all() {
		names = append(names, p.Name)
	}
	return names
}

// Named is the preset of that name; nil: there is none.
func Named(name string) *Preset {
	for _, p := range all() {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Sample is an export as the program writes it.
func (p *Preset) Sample() ([]byte, error) {
	return fs.ReadFile(data, path.Join("data", p.Name, "sample.csv"))
}
