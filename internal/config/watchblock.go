package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/spec"
)

// doubtfulRise is a max_rise that was probably meant in percent.
const doubtfulRise = 10

var watchSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{
		{Name: "account"},
		{Name: "feeds"},
		{Name: "feed_id"},
		{Name: "max_age"},
		{Name: "max_submit_age"},
		{Name: "max_drop"},
		{Name: "max_rise"},
		{Name: "max_error_ratio"},
		{Name: "max_warning_rise"},
		{Name: "item_allotment"},
		{Name: "severity"},
	},
	Blocks: []hcl.BlockHeaderSchema{{Type: "content"}, {Type: "rule", LabelNames: []string{"name"}}},
}

// newWatch has the defaults of the language: they are right for a feed that is
// compiled once a day.
func newWatch(b *hcl.Block) *spec.Watch {
	return &spec.Watch{
		Name: b.Labels[0], Place: placeOf(b.DefRange),
		MaxAge: 26 * time.Hour, MaxDrop: 0.30, MaxRise: 1, MaxErrorRatio: 0.05, MaxWarningRise: 0.10,
		Severities: map[string]string{}, Places: map[string]spec.Place{},
	}
}

func (l *loader) watchBlocks() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range l.blocks["watch"] {
		w, more := l.watch(b)
		diags = append(diags, more...)
		l.cfg.Watches = append(l.cfg.Watches, w)
	}
	slices.SortFunc(l.cfg.Watches, func(a, b *spec.Watch) int { return strings.Compare(a.Name, b.Name) })
	return diags
}

func (l *loader) watch(b *hcl.Block) (*spec.Watch, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, watchSchema)
	w := newWatch(b)
	diags = append(diags, misnamed(b, "a watch", ": the name is part of reports")...)
	account, more := l.accountFor(content, diags, b.DefRange)
	w.Account, diags = account, append(diags, more...)

	s := l.scope("var", "local")
	for _, name := range sortedKeys(content.Attributes) {
		diags = append(diags, s.watchAttribute(w, content.Attributes[name])...)
	}
	_, byName := content.Attributes["feeds"]
	_, byID := content.Attributes["feed_id"]
	if byName == byID {
		diags = append(diags, errorAt(b.DefRange, "Missing feeds or feed_id",
			`Write either feeds = "Amazon US - *", a pattern of names in which * stands for any text, or feed_id = "…", which `+"`gdfctl feeds list` shows.")...)
	}
	seen := blocksSeen{}
	var lookInside []string // the rules that are about the file
	for _, inner := range content.Blocks {
		more := seen.duplicate(inner)
		switch {
		case more.HasErrors():
		case inner.Type == "rule":
			var content bool
			if content, more = l.watchRuleBlock(w, inner); content {
				lookInside = append(lookInside, inner.Labels[0])
			}
		default:
			more = s.watchContent(w, inner)
		}
		diags = append(diags, more...)
	}
	for _, rule := range lookInside {
		if w.Content == nil {
			diags = append(diags, errorAt(b.DefRange, fmt.Sprintf("The rule %q needs a content block", rule),
				"It uses content: add a content block to the watch, content {} at least, and the file is downloaded after each new compilation.")...)
		}
	}
	return w, diags
}

func (s scope) watchAttribute(w *spec.Watch, attr *hcl.Attribute) (diags hcl.Diagnostics) {
	w.Places[attr.Name] = placeOf(attr.NameRange)
	switch attr.Name {
	case "feeds":
		if w.Feeds, diags = s.text(attr); w.Feeds == "" && !diags.HasErrors() {
			diags = errorAt(attr.Expr.Range(), "feeds is empty", `Write a pattern of names, like "Amazon US - *", or "*" for all feeds.`)
		}
		w.Glob = spec.Glob(w.Feeds)
	case "feed_id":
		if w.FeedID, diags = s.text(attr); w.FeedID == "" && !diags.HasErrors() {
			diags = errorAt(attr.Expr.Range(), "feed_id is empty", "Write the feed's ID, as `gdfctl feeds list` shows it.")
		}
	case "max_age":
		w.MaxAge, diags = s.age(attr, w.MaxAge)
	case "max_submit_age":
		w.MaxSubmitAge, diags = s.age(attr, 0)
	case "max_drop":
		w.MaxDrop, diags = s.ratio(attr, w.MaxDrop)
	case "max_rise":
		if w.MaxRise, diags = s.number(attr, 0, 1e6, w.MaxRise); w.MaxRise >= doubtfulRise {
			diags = append(diags, warningAt(attr.Expr.Range(), "max_rise is a share, and this one is very large",
				"1 lets a feed grow to twice its items, and 10 to eleven times as many. 50 % is 0.50.")...)
		}
	case "max_error_ratio":
		w.MaxErrorRatio, diags = s.ratio(attr, w.MaxErrorRatio)
	case "max_warning_rise":
		w.MaxWarningRise, diags = s.ratio(attr, w.MaxWarningRise)
	case "item_allotment":
		w.ItemAllotment, diags = s.whole(attr, 1, 1e9, 0)
	case "severity":
		diags = s.watchSeverity(w, attr)
	}
	return diags
}

// age is a duration above zero, or unset where it is null.
func (s scope) age(attr *hcl.Attribute, unset time.Duration) (time.Duration, hcl.Diagnostics) {
	d, diags := s.duration(attr, -1)
	switch {
	case d < 0: // null, or wrong and told
		return unset, diags
	case d == 0:
		diags = append(diags, errorAt(attr.Expr.Range(), attr.Name+" is zero",
			fmt.Sprintf(`No feed is as young as that. Write a duration like "26h", or severity = { %s = "off" }.`, attr.Name))...)
	}
	return d, diags
}

// watchSeverity reads { max_age = "warning", FC06 = "off" }. What names one rule
// goes before an identifier that several share: capitals are sorted first, and
// what comes later stands.
func (s scope) watchSeverity(w *spec.Watch, attr *hcl.Attribute) hcl.Diagnostics {
	v, diags := s.value(attr.Expr)
	if diags.HasErrors() || v.IsNull() {
		return diags
	}
	of, err := convert.Convert(v, cty.Map(cty.String))
	if err != nil {
		return append(diags, errorAt(attr.Expr.Range(), "severity must be an object", `Write { max_age = "warning", FD08 = "off" }.`)...)
	}
	levels := of.AsValueMap()
	for _, key := range sortedKeys(levels) {
		level, names := levels[key], spec.FeedRulesNamed(key)
		if len(names) == 0 {
			diags = append(diags, errorAt(attr.Expr.Range(), "No rule "+quotedIn(attr.Expr, key),
				"There are: "+knownFeedRules()+"; and their identifiers, FD01 and so on. A custom rule has an attribute severity.")...)
			continue
		}
		if level.IsNull() {
			continue
		}
		severity := severityWord(level.AsString())
		if !slices.Contains([]string{"error", "warning", "off"}, severity) {
			diags = append(diags, errorAt(attr.Expr.Range(), "Unknown severity of "+quotedIn(attr.Expr, key), `Write "error", "warning" or "off".`)...)
			continue
		}
		for _, name := range names {
			w.Severities[name] = severity
		}
	}
	return diags
}

func knownFeedRules() string {
	names := make([]string, len(spec.FeedRules))
	for i, r := range spec.FeedRules {
		names[i] = strings.TrimPrefix(r.Name, "content.")
	}
	return strings.Join(names, ", ")
}

func (s scope) watchContent(w *spec.Watch, b *hcl.Block) hcl.Diagnostics {
	content, diags := contentOf(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
		{Name: "header_line"},
		{Name: "delimiter"},
		{Name: "encoding"},
		{Name: "compression"},
		{Name: "required_columns"},
		{Name: "match_count"},
		{Name: "unique"},
		{Name: "required_values"},
		{Name: "gtin"},
		{Name: "price"},
		{Name: "https"},
	}})
	c := &spec.WatchContent{}
	w.Content = c
	for _, rule := range []string{"content.file", "content.header"} {
		w.Places[rule] = placeOf(b.DefRange)
	}
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		w.Places["content."+name] = placeOf(attr.NameRange)
		var more hcl.Diagnostics
		switch name {
		case "header_line":
			c.Shape.HeaderLine, more = s.whole(attr, 1, mostHeaderLine, 0)
		case "delimiter":
			c.Shape.Delimiter, more = s.delimiter(attr)
		case "encoding":
			c.Shape.Encoding, more = s.oneOf(attr, spec.FeedEncodings)
		case "compression":
			c.Shape.Compression, more = s.oneOf(attr, spec.FeedCompressions)
		case "match_count":
			c.MatchCount, more = s.boolean(attr)
		case "required_columns":
			c.RequiredColumns, more = s.columns(attr, "")
		case "unique":
			c.Unique, more = s.columns(attr, "")
		case "required_values":
			c.RequiredValues, more = s.columns(attr, "")
		case "gtin":
			c.GTIN, more = s.columns(attr, "gtin")
		case "price":
			c.Price, more = s.columns(attr, "price")
		case "https":
			c.HTTPS, more = s.columns(attr, spec.EveryLink)
		}
		diags = append(diags, more...)
	}
	return diags
}

// oneOf is one of a few words, in any letter case, or "" where it is null.
func (s scope) oneOf(attr *hcl.Attribute, words []string) (string, hcl.Diagnostics) {
	text, set, diags := s.optional(attr)
	if text = strings.ToLower(text); set && !diags.HasErrors() && !slices.Contains(words, text) {
		return "", append(diags, errorAt(attr.Expr.Range(), "Invalid "+attr.Name, "Write one of these: "+quotedWords(words)+".")...)
	}
	return text, diags
}

// delimiter is one ASCII character, or 0 where it is null.
func (s scope) delimiter(attr *hcl.Attribute) (byte, hcl.Diagnostics) {
	v, diags := s.convert(attr, cty.String, "a string")
	if diags.HasErrors() || v.IsNull() {
		return 0, diags
	}
	text := v.AsString()
	if len(text) != 1 || text[0] >= 0x80 || strings.Contains("\"\r\n\x00", text) {
		return 0, append(diags, errorAt(attr.Expr.Range(), "Invalid delimiter", `Write one character, like ";" or "\t".`)...)
	}
	return text[0], diags
}

// columns is a list of names, or one name. Where a usual one is known, true
// means that one.
func (s scope) columns(attr *hcl.Attribute, usual string) ([]string, hcl.Diagnostics) {
	v, diags := s.value(attr.Expr)
	if diags.HasErrors() || v.IsNull() {
		return nil, diags
	}
	if usual != "" && v.Type() == cty.Bool {
		if v.True() {
			return []string{usual}, diags
		}
		return nil, diags
	}
	if v.Type() == cty.String {
		v = cty.TupleVal([]cty.Value{v})
	}
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil {
		return nil, append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s must be a list of columns", attr.Name), `Write ["id", "title"].`)...)
	}
	var names []string
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		if v.IsNull() || strings.TrimSpace(v.AsString()) == "" {
			return nil, append(diags, errorAt(attr.Expr.Range(), fmt.Sprintf("%s has an empty name", attr.Name), "Name the columns as the file's header does.")...)
		}
		if name := strings.TrimSpace(v.AsString()); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, diags
}
