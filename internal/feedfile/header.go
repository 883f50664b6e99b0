package feedfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxColumns bounds what is kept of a header, together with MaxCell for all of
// its names: a file without line ends would be one.
const maxColumns = 1 << 14

// headerNames collects the names of a header.
type headerNames struct {
	list []string
	size int  // bytes
	over bool // there are more than are kept
}

func (h *headerNames) add(cell []byte) {
	h.size += len(cell)
	h.over = h.over || len(h.list) == maxColumns || h.size > MaxCell
	if !h.over {
		h.list = append(h.list, columnName(cell))
	}
}

// columnName reads a name of the header. One that is not UTF-8 is taken for
// Latin-1, so that a file in it can be measured nevertheless.
func columnName(cell []byte) string {
	name := string(bytes.TrimSpace(cell))
	if !utf8.ValidString(name) {
		latin := make([]rune, len(name))
		for i := range len(name) {
			latin[i] = rune(name[i])
		}
		name = strings.TrimSpace(string(latin))
	}
	return norm.NFC.String(name) // as HCL writes the names that are asked for
}

// header begins the measuring: the first row is there.
func (t *table) header(line, width int, damaged bool) {
	f, names := t.facts, t.names.list
	t.width = width
	t.columns = make([][]check, len(names))
	f.Header, f.HeaderHash = names, headerHash(names)
	if damaged || t.names.over {
		note(&f.Damaged, &f.FirstDamagedLine, line)
	}
	for _, name := range t.spec.RequiredColumns {
		if len(findColumns(names, name)) == 0 {
			f.MissingColumns = append(f.MissingColumns, name)
		}
	}
	t.addChecks()
}

// headerHash tells another set of columns: renamed, added or gone, but not
// moved.
func headerHash(names []string) string {
	if len(names) == 0 {
		return ""
	}
	h := sha256.New()
	for _, name := range slices.Sorted(slices.Values(names)) {
		fmt.Fprintf(h, "%q\n", name)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// findColumns are the positions of the columns of a name. The name as it is
// written goes before one in other letter case.
func findColumns(names []string, name string) []int {
	name = norm.NFC.String(strings.TrimSpace(name))
	var exact, folded []int
	for i, n := range names {
		if n == name {
			exact = append(exact, i)
		} else if strings.EqualFold(n, name) {
			folded = append(folded, i)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return folded
}

// isLinkColumn reports whether the last word of a name is link or url. Words
// end where letters do and before a capital.
func isLinkColumn(name string) bool {
	var last string
	var word []rune
	for _, r := range name + " " {
		small := len(word) > 0 && unicode.IsLower(word[len(word)-1])
		if !unicode.IsLetter(r) || unicode.IsUpper(r) && small {
			if len(word) > 0 {
				last = strings.ToLower(string(word))
			}
			word = nil
		}
		if unicode.IsLetter(r) {
			word = append(word, r)
		}
	}
	switch last {
	case "link", "links", "url", "urls":
		return true
	}
	return false
}
