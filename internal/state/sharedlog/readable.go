package sharedlog

import "fmt"

// readable names the values of a snapshot for people, where the place has files. A
// part that is only added to is one file for each value: a large file would be
// stored again whenever something is added.
func (r *Record) readable() map[string][]string {
	if !r.Begins() {
		return nil
	}
	files := map[string][]string{}
	for _, c := range r.Content {
		for i, v := range c.Values {
			name := c.Part + ".json"
			if c.Part != StatePart && c.Part != HeadPart {
				name = fmt.Sprintf("%s/%06d.jsonl", c.Part, i+1)
			}
			files[name] = append(files[name], v.Hash)
		}
	}
	return files
}

// The names of parts that are replaced as a whole.
const (
	StatePart = "state"
	HeadPart  = "head"
)
