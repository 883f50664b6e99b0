package watch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/memory"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// Shares of the rows from which on blank cells and bad prices matter.
const (
	warnShare  = 0.005
	errorShare = 0.05
	matchShare = 0.01 // FC02: rows that are missing or too many, of those expected
)

// contentSubject is a feed whose file was looked at.
type contentSubject struct {
	*subject
	c *memory.FeedContent
}

// inFile makes a rule of one about the file. asked says whether the content
// block wants it, and severity how much it matters that nothing is known; where
// judge leaves the severity open it is that too.
func inFile(severity Severity, asked func(*spec.WatchContent) bool, judge func(*contentSubject) finding) func(*subject) (finding, bool) {
	return func(s *subject) (finding, bool) {
		if s.watch.Content == nil || !asked(s.watch.Content) {
			return finding{}, false
		}
		c := s.seen.content
		if c == nil {
			return unknown(s.seen.problem).with(severity), true
		}
		if s.otherShape() {
			return unknown("another watch says that the file is written in another way, and it was read like that").with(severity), true
		}
		f := judge(&contentSubject{s, c})
		if f.severity == "" {
			f.severity = severity
		}
		return f, true
	}
}

// inTable is inFile for rules that need rows and columns.
func inTable(severity Severity, asked func(*spec.WatchContent) bool, judge func(*contentSubject) finding) func(*subject) (finding, bool) {
	return inFile(severity, asked, func(s *contentSubject) finding {
		if !s.c.Table() {
			return unknown("there is no table in the file")
		}
		return judge(s)
	})
}

func wantsContent(*spec.WatchContent) bool { return true }

// file is FC04: can the file be read at all?
func (s *contentSubject) file() finding {
	c := s.c
	var values, messages []string
	say := func(value, format string, args ...any) {
		values = append(values, value)
		messages = append(messages, fmt.Sprintf(format, args...))
	}
	switch {
	case c.Empty && s.seen.shape.HeaderLine > 1:
		say("empty", "there is nothing in the file from line %s on, where its header should be", words.Number(s.seen.shape.HeaderLine))
	case c.Empty:
		say("empty", "there is nothing in the file")
	case c.XML:
		return finding{outcome: Unknown, value: "an XML document", message: "it is the feed itself, and gdfctl measures tables only"}
	case c.Archive != "":
		say("not unpacked", "%s", c.Archive)
	case c.HTML:
		say("an HTML page", "a page came instead of the file, such as a login or an error")
	}
	if c.BadBytesLine > 0 {
		say("not "+c.Encoding, "line %s has bytes that are no %s text: letters with accents arrive broken", words.Number(c.BadBytesLine), c.Encoding)
	}
	if c.Ragged > 0 {
		say(words.Count(c.Ragged, "ragged row", "ragged rows"), "%s another number of cells than the header, the first in line %s", words.Count(c.Ragged, "row has", "rows have"), words.Number(c.FirstRaggedLine))
	}
	if c.Damaged > 0 {
		say(words.Count(c.Damaged, "damaged row", "damaged rows"), "%s a quote that is never closed or a cell too long for any marketplace, the first in line %s", words.Count(c.Damaged, "row has", "rows have"), words.Number(c.FirstDamagedLine))
	}
	if c.Swallowed > 0 {
		say(words.Count(c.Swallowed, "swallowed row", "swallowed rows"), "%s like a row but %s part of a quoted cell, the first in the cell that begins in line %s: a quote is not closed",
			words.Count(c.Swallowed, "line looks", "lines look"), isOrAre(c.Swallowed), words.Number(c.FirstSwallowing))
	}
	if len(values) == 0 {
		return passes(rows(c.Rows))
	}
	return fails(strings.Join(values, ", "), "%s", strings.Join(messages, "; "))
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func rows(n int) string { return words.Count(n, "row", "rows") }

// requiredColumns is FC01: columns that must be there.
func (s *contentSubject) requiredColumns() finding {
	var missing []string
	for _, column := range s.watch.Content.RequiredColumns {
		if slices.Contains(s.c.MissingColumns, column) {
			missing = append(missing, column)
		}
	}
	of := fmt.Sprintf("%d of %d", len(s.watch.Content.RequiredColumns)-len(missing), len(s.watch.Content.RequiredColumns))
	if len(missing) > 0 {
		return fails(of, "the header has no %s", strings.Join(missing, ", no "))
	}
	return passes(of)
}

// header is the other half of FC01: another set of columns than before.
func (s *contentSubject) header() finding {
	value := words.Count(s.c.Columns, "column", "columns")
	for _, o := range slices.Backward(s.earlier) {
		switch o.HeaderHash {
		case "":
		case s.c.HeaderHash:
			return passes(value)
		default:
			return fails(value, "they are not the columns of the compilation before: one was added, renamed, or is gone")
		}
	}
	return unknown("no earlier file was looked at; there is nothing to compare with yet")
}

// matchCount is FC02: items with errors are left out of the file.
func (s *contentSubject) matchCount() finding {
	switch {
	case s.feed.Counts == nil:
		return unknown(noCounts)
	case s.feed.NoErrors:
		return unknown(noErrors)
	}
	want := max(0, s.feed.Total-s.feed.Errors)
	off := s.c.Rows - want
	if off < 0 {
		off = -off
	}
	if float64(off) > matchShare*float64(want)+slack {
		return fails(rows(s.c.Rows), "%s have no error, so there should be as many rows: the file was cut off, or is another compilation's", items(want))
	}
	return passes(rows(s.c.Rows))
}

// cells are the results of one check for the columns that this watch names.
func (s *contentSubject) cells(check string, columns []string) []memory.CellsResult {
	var found []memory.CellsResult
	for _, c := range s.c.Cells {
		if c.Check == check && slices.Contains(columns, c.Column) {
			found = append(found, c)
		}
	}
	return found
}

// unique is FC03.
func (s *contentSubject) unique() finding {
	f := s.anyCell("unique", s.watch.Content.Unique, "duplicate", "duplicates")
	if f.outcome != Pass {
		return f
	}
	for _, c := range s.cells("unique", s.watch.Content.Unique) {
		if c.Unchecked > 0 {
			return finding{outcome: Unknown, value: f.value, message: fmt.Sprintf("%s were too many to compare", rows(c.Unchecked))}
		}
	}
	return f
}

// gtin is FC06.
func (s *contentSubject) gtin() finding {
	return s.anyCell("gtin", s.watch.Content.GTIN, "bad GTIN", "bad GTINs")
}

// https is FC09.
func (s *contentSubject) https() finding {
	return s.anyCell("https", s.watch.Content.HTTPS, "link without https", "links without https")
}

// anyCell fails for a single cell that is not as it should be.
func (s *contentSubject) anyCell(check string, columns []string, one, many string) finding {
	total := 0
	var wrong []string
	for _, c := range s.cells(check, columns) {
		total += c.Count
		switch {
		case c.Missing:
			wrong = append(wrong, noColumn(c.Column))
		case c.Count > 0:
			wrong = append(wrong, fmt.Sprintf("%s in %s, the first in line %s", words.Count(c.Count, one, many), columnName(c.Column), words.Number(c.FirstLine)))
		}
	}
	if len(wrong) > 0 {
		return fails(words.Count(total, one, many), "%s", strings.Join(wrong, "; "))
	}
	return passes(words.Count(total, one, many))
}

func noColumn(name string) string {
	if name == spec.EveryLink {
		return "the file has no column of links"
	}
	return "the file has no column " + name
}

func columnName(name string) string {
	if name == spec.EveryLink {
		return "columns of links"
	}
	return name
}

// requiredValues is FC05. A column that is missing is blank in each row.
func (s *contentSubject) requiredValues() finding {
	return s.share("required_values", s.watch.Content.RequiredValues, "blank")
}

// price is FC07.
func (s *contentSubject) price() finding {
	return s.share("price", s.watch.Content.Price, "no price above zero")
}

// share judges each column by the share of its cells that are not as they
// should be; the worst one counts.
func (s *contentSubject) share(check string, columns []string, what string) finding {
	worst, at := 0.0, ""
	var wrong []string
	for _, c := range s.cells(check, columns) {
		share := 0.0
		switch {
		case c.Missing:
			share = 1
			wrong = append(wrong, noColumn(c.Column))
		case s.c.Rows > 0:
			share = float64(c.Count) / float64(s.c.Rows)
		}
		if from(share, warnShare) && !c.Missing {
			wrong = append(wrong, fmt.Sprintf("%s of %s are %s in %s, the first in line %s", words.Number(c.Count), rows(s.c.Rows), what, c.Column, words.Number(c.FirstLine)))
		}
		if share > worst || at == "" {
			worst, at = share, c.Column
		}
	}
	value := percent(worst)
	if worst > 0 && len(columns) > 1 {
		value += " in " + at
	}
	switch {
	case from(worst, errorShare):
		return fails(value, "%s; less than %s may", strings.Join(wrong, "; "), limit(warnShare)).with(Error)
	case from(worst, warnShare):
		return fails(value, "%s; less than %s may, and %s are an error", strings.Join(wrong, "; "), limit(warnShare), limit(errorShare)).with(Warn)
	}
	return passes(value).with(Warn)
}

func from(share, limit float64) bool { return share >= limit-slack }

// trimmed writes a number without digits that say nothing.
func trimmed(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
