package lang

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/gdfctl/gdfctl/internal/table"
)

// spoken is the words that a message about an expression may quote: those that
// are written in the configuration itself.
type spoken map[string]bool

func (s spoken) add(word string) {
	if word != "" {
		s[word] = true
	}
}

// secret is the text of a cell, which no message may show.
type secret struct {
	text   string
	column string
}

// quoted finds what messages put between quotes: texts, patterns in backquotes,
// and single characters.
var quoted = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'(?:[^'\\\\]|\\\\[^ ]{1,9})'")

// spokenIn is the words that messages about an expression may quote.
func spokenIn(expr hcl.Expression, ctx *hcl.EvalContext) spoken {
	c := findCalls(expr)
	c.addParameters(ctx)
	for _, t := range expr.Variables() {
		for _, step := range t {
			c.spoken.add(stepName(step))
		}
	}
	return c.spoken
}

// Written reports whether an expression has a word as a text, a key or a name.
func Written(expr hcl.Expression, word string) bool { return spokenIn(expr, nil)[word] }

// scrub takes what a row holds out of diagnostics.
func (e *RowExpr) scrub(diags hcl.Diagnostics, row table.Row) hcl.Diagnostics {
	return scrubbed(diags, e.spoken, e.secrets(row))
}

// scrubbed takes values out of diagnostics: those that HCL attaches to show
// them, every text of a cell, and every quoted text that is not a word of the
// expression, because a function may have made it of a cell, or of a file. What
// is said of functions and variables that don't exist is about names alone.
func scrubbed(diags hcl.Diagnostics, words spoken, secrets []secret) hcl.Diagnostics {
	clean := make(hcl.Diagnostics, len(diags))
	for i, d := range diags {
		c := *d
		c.Expression, c.EvalContext, c.Extra = nil, nil, nil
		if c.Summary != summaryUnknownFunction && c.Summary != "Unknown variable" {
			c.Summary = words.scrub(c.Summary, secrets)
			c.Detail = words.scrub(c.Detail, secrets)
		}
		clean[i] = &c
	}
	return clean
}

func (s spoken) scrub(text string, secrets []secret) string {
	var b strings.Builder
	done := 0
	for _, span := range quoted.FindAllStringIndex(text, -1) {
		b.WriteString(replaceSecrets(text[done:span[0]], secrets))
		b.WriteString(s.scrubQuoted(text[span[0]:span[1]], secrets))
		done = span[1]
	}
	b.WriteString(replaceSecrets(text[done:], secrets))
	return b.String()
}

func (s spoken) scrubQuoted(q string, secrets []secret) string {
	content, err := strconv.Unquote(q)
	if err != nil {
		content = q[1 : len(q)-1]
	}
	for _, s := range secrets {
		if strings.EqualFold(content, s.text) || strings.EqualFold(strings.TrimSpace(content), strings.TrimSpace(s.text)) {
			return s.String()
		}
	}
	if s[content] {
		return q
	}
	return `"…"`
}

func (s secret) String() string { return `the cell "` + s.column + `"` }

// secrets are the texts that the expression reads of a row, the longest first.
func (e *RowExpr) secrets(row table.Row) []secret {
	var all []secret
	add := func(column, text string) {
		if utf8.RuneCountInString(text) >= 2 {
			all = append(all, secret{text, column})
		}
	}
	switch {
	case row.Header == nil:
		for name, v := range e.values {
			collectTexts(v, func(text string) { add(name, text) })
		}
	case e.dynamic:
		for i, name := range row.Header.Names[:min(len(row.Header.Names), len(row.Cells))] {
			add(name, cty.NormalizeString(row.Cells[i]))
		}
	default:
		for _, c := range e.columns {
			cell, _ := row.Cell(c.Name)
			add(c.Name, cty.NormalizeString(cell))
		}
	}
	slices.SortFunc(all, func(a, b secret) int {
		return cmp.Or(cmp.Compare(len(b.text), len(a.text)), cmp.Compare(a.column, b.column))
	})
	return all
}

func collectTexts(v cty.Value, add func(string)) {
	switch {
	case v.IsMarked() || !v.IsKnown() || v.IsNull():
	case v.Type() == cty.String:
		add(v.AsString())
	case v.Type() == cty.Number:
		add(v.AsBigFloat().Text('f', -1))
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			collectTexts(element, add)
		}
	}
}

// replaceSecrets replaces the text of a cell by the name of its column, in any
// letter case. Text of less than four letters counts only as a whole word: every
// sentence has two letters somewhere.
func replaceSecrets(s string, secrets []secret) string {
	if len(secrets) == 0 {
		return s
	}
	var b strings.Builder
next:
	for i := 0; i < len(s); {
		for _, secret := range secrets {
			n := len(secret.text)
			if i+n > len(s) || !strings.EqualFold(s[i:i+n], secret.text) {
				continue
			}
			if n < 4 && (wordEnd(s[:i]) || wordStart(s[i+n:])) {
				continue
			}
			b.WriteString(secret.String())
			i += n
			continue next
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[i : i+n])
		i += n
	}
	return b.String()
}

func wordEnd(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func wordStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
