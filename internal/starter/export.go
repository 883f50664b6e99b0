package starter

import (
	"fmt"
	"strings"
)

// Export is what a batch for an export is made of.
type Export struct {
	Batch  string // its name
	Preset string
	Title  string // of the export
	Table  string // its path, from the configuration
	Glob   string // the usual files beside it
	Status string
	Note   string // for people; empty: none
	Lines  string // the attributes of the preset, in HCL

	StoreColumn string // "": there is none
	Stores      []Store

	Encoding string // to write in csv(); "": the file says it
	Date     *Date  // nil: the preset reads the dates
}

// Date is how the dates of an export are read. Several choices are for people to decide.
type Date struct {
	Attribute, Column string
	Choices           [][]string // formats
}

// lines are the attributes for the dates, as comments if they are not decided.
func (d *Date) lines() string {
	if len(d.Choices) == 1 {
		return fmt.Sprintf("\n  # The days in the export show which number is the month.\n  %s = parse_time(%s, row[%s])\n", d.Attribute, formats(d.Choices[0]), quote(d.Column))
	}
	text := "\n  # The export does not show whether the day or the month comes first in its dates. Choose:\n"
	for _, choice := range d.Choices {
		text += fmt.Sprintf("  # %s = parse_time(%s, row[%s])\n", d.Attribute, formats(choice), quote(d.Column))
	}
	return text
}

func formats(all []string) string {
	quoted := make([]string, len(all))
	for i, format := range all {
		quoted[i] = `"` + format + `"`
	}
	if len(all) == 1 {
		return quoted[0]
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// Store is a store of an export and the marketplace that it is at GoDataFeed.
type Store struct {
	Name   string
	Source string // "": not known
	Rows   int
}

// BatchFile is the configuration of a batch that reads the export. The store says which
// marketplace an order is from, if that is known of each of them; otherwise a comment
// shows how.
func (e Export) BatchFile() File {
	var b strings.Builder
	fmt.Fprintf(&b, "# The %s. %s\n\n", e.Title, "The preset knows its columns, and what the batch\n# sets itself is used instead.")
	number := e.number()
	mapped := e.mapped() && number != ""
	comment := "# "
	if mapped {
		comment = ""
	}
	if len(e.Stores) > 0 && number != "" {
		b.WriteString("# The stores of the export, and what GoDataFeed calls their marketplaces: the\n# column SOURCE of `gdfctl orders list`.\n")
		if !mapped {
			b.WriteString("#\n")
		}
		fmt.Fprintf(&b, "%slocals {\n%s  %s_stores = {\n", comment, comment, e.Batch)
		width := 0
		for _, s := range e.Stores {
			width = max(width, len([]rune(quote(s.Name))))
		}
		for _, s := range e.Stores {
			name := quote(s.Name)
			source := s.Source
			if source == "" {
				source = "…"
			}
			fmt.Fprintf(&b, "%s    %s%s = %s\n", comment, name, strings.Repeat(" ", width-len([]rune(name))), quote(source))
		}
		fmt.Fprintf(&b, "%s  }\n%s}\n\n", comment, comment)
	}
	if e.Note != "" {
		fmt.Fprintf(&b, "# %s\n", e.Note)
	}
	fmt.Fprintf(&b, "batch %q {\n", e.Batch)
	options := ""
	if e.Encoding != "" {
		options = fmt.Sprintf(", { encoding = %q }", e.Encoding)
	}
	if e.Glob != "" {
		fmt.Fprintf(&b, "  # All files of the folder: csv(%s%s)\n", quote(e.Glob), options)
	}
	fmt.Fprintf(&b, "  rows   = csv(%s%s)\n  preset = %q\n  status = %q\n", quote(e.Table), options, e.Preset, e.Status)
	if e.Date != nil {
		b.WriteString(e.Date.lines())
	}
	if len(e.Stores) > 0 && number != "" {
		b.WriteString("\n")
		fmt.Fprintf(&b, "  %sfind = { source = local.%s_stores[row[%s]], source_order_number = %s }\n", comment, e.Batch, quote(e.StoreColumn), number)
	}
	b.WriteString("\n  # What the preset sets:\n  #\n")
	for line := range strings.Lines(e.Lines) {
		line = strings.TrimRight(line, "\n")
		if line == "" {
			b.WriteString("  #\n")
			continue
		}
		fmt.Fprintf(&b, "  # %s\n", line)
	}
	b.WriteString("}\n")
	return File{e.Batch + ".hcl", []byte(b.String())}
}

// mapped reports whether the marketplace of every store is known.
func (e Export) mapped() bool {
	for _, s := range e.Stores {
		if s.Source == "" {
			return false
		}
	}
	return len(e.Stores) > 0
}

// number is the expression with which the preset reads the number of an order.
func (e Export) number() string {
	for line := range strings.Lines(e.Lines) {
		if _, expr, ok := strings.Cut(line, "= { source_order_number = "); ok && strings.HasPrefix(line, "find") {
			return strings.TrimSuffix(strings.TrimSpace(expr), " }")
		}
	}
	return ""
}

// quote writes a text in HCL.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{").Replace(text) + `"`
}

// AccountFile is the configuration of an account, on the simulator or at the real API.
// timezone is that of the times in the tables; empty: the user has to set it.
func AccountFile(sandbox bool, timezone string) File {
	var b strings.Builder
	b.WriteString("account \"main\" {\n")
	switch {
	case sandbox:
		b.WriteString("  # The simulator that is built into gdfctl: nothing reaches a marketplace. For the\n  # real API, remove this line and set GDF_CONSUMER_KEY in the environment.\n  endpoint = \"sandbox\"\n\n")
	default:
		b.WriteString("  consumer_key = env.GDF_CONSUMER_KEY\n\n")
	}
	switch {
	case timezone != "":
		fmt.Fprintf(&b, "  timezone = %s # of the times in the tables\n", quote(timezone))
	case sandbox:
		b.WriteString("  # The zone of the times in the tables, such as \"America/New_York\". UTC is right only\n  # for the simulator: set yours before you use the real API.\n  timezone = \"UTC\"\n")
	default:
		b.WriteString("  # The zone of the times in the tables. gdfctl never guesses it: set yours.\n  # timezone = \"America/New_York\"\n")
	}
	b.WriteString("}\n")
	return File{"main.hcl", []byte(b.String())}
}

// GitFiles are what keeps git from changing tables, and from tracking what it must not.
func GitFiles() []File { return []File{{".gitignore", ignore}, {".gitattributes", attributes}} }
