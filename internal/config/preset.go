package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/preset"
	"github.com/gdfctl/gdfctl/internal/table"
)

// usedPreset is the preset of a batch.
type usedPreset struct {
	*preset.Preset
	at  hcl.Range          // where the batch names it
	own map[string]bool    // attributes that the batch itself has
	all map[string]hcl.Pos // those that the preset gave, and where they begin there
}

// presetFile begins the name of the source of a preset's attributes, which no file of a
// configuration has.
const presetFile = "preset "

func (p *usedPreset) file() string { return presetFile + p.Name }

// presetHint is what a batch can do about a date that its preset can't read.
func presetHint(attr string, expr *lang.RowExpr) string {
	name, ok := strings.CutPrefix(expr.Range().Filename, presetFile)
	if !ok || attr != "shipped_at" && attr != "shipped_on" {
		return ""
	}
	return fmt.Sprintf(`. Preset %q can't read it: for dates, set shipped_on in the batch, like parse_time("%%d/%%m/%%Y", row[%q]), for times shipped_at`, name, expr.Columns()[0].Name)
}

// preset reads the attribute of that name, and fills in what the batch leaves to it.
// It comes before everything else that reads content.
func (l *loader) preset(batch *batchBlock, content *hcl.BodyContent) hcl.Diagnostics {
	attr, ok := content.Attributes["preset"]
	if !ok {
		return nil
	}
	at := attr.Expr.Range()
	name, set, diags := l.scope("var", "local").optional(attr)
	if diags.HasErrors() || !set {
		return diags
	}
	found := preset.Named(name)
	if found == nil {
		return errorAt(at, "Unknown preset", fmt.Sprintf("There are: %s.%s", strings.Join(preset.Names(), ", "), nearest.Question(name, preset.Names())))
	}
	p := &usedPreset{Preset: found, at: at, own: map[string]bool{}, all: map[string]hcl.Pos{}}
	for own := range content.Attributes {
		p.own[own] = true
	}
	file, more := hclsyntax.ParseConfig(found.Batch, p.file(), hcl.InitialPos)
	if more.HasErrors() {
		return errorAt(at, "The preset can't be read", more.Error())
	}
	batch.preset = p
	body := file.Body.(*hclsyntax.Body)
	p.add(content, body)
	status := l.constantStatus(content.Attributes["status"])
	for _, block := range body.Blocks {
		if block.Type == string(status) {
			p.add(content, block.Body)
		}
	}
	return p.checkStatus(status)
}

// constantStatus is the status that all rows of a batch want. Where it depends on the
// row, the presets' attributes for shipping are taken: they leave out what did not
// leave yet.
func (l *loader) constantStatus(attr *hcl.Attribute) order.Status {
	if attr == nil {
		return order.Shipped
	}
	for _, t := range attr.Expr.Variables() {
		if root := t.RootName(); root != "var" && root != "local" {
			return order.Shipped
		}
	}
	text, diags := l.scope("var", "local").text(attr)
	if status, f := wishedStatus(text); !diags.HasErrors() && f == nil {
		return status
	}
	return order.Shipped // what is wrong is reported where the attribute is read
}

// checkStatus refuses what the export can't be used for, unless the batch says itself
// what it lacks.
func (p *usedPreset) checkStatus(status order.Status) hcl.Diagnostics {
	if slices.Contains(p.Statuses, string(status)) || len(p.all) == 0 {
		return nil
	}
	if status == order.Shipped && !p.own["tracking_number"] && !p.own["no_tracking"] {
		return errorAt(p.at, fmt.Sprintf("Preset %q has no tracking numbers", p.Name),
			fmt.Sprintf("It can be used with status %s. To ship, set tracking_number in the batch, or use another export.", quotedWords(p.Statuses)))
	}
	return nil
}

// instead are attributes that say the same in another way: one that the batch has
// stands instead of the preset's others.
var instead = [][]string{{"shipped_at", "shipped_on"}, {"latest", "latest_by"}}

func (p *usedPreset) add(content *hcl.BodyContent, body *hclsyntax.Body) {
	for name, attr := range body.Attributes {
		overridden := p.own[name]
		for _, same := range instead {
			overridden = overridden || slices.Contains(same, name) && slices.ContainsFunc(same, func(n string) bool { return p.own[n] })
		}
		if !overridden {
			content.Attributes[name] = attr.AsHCLAttribute()
			p.all[name] = attr.SrcRange.Start
		}
	}
}

// options are the preset's, as far as csv() does not say otherwise.
func (p *usedPreset) options(o *table.CSVOptions) {
	if o.Delimiter == 0 && p.Delimiter != "" {
		o.Delimiter = []rune(p.Delimiter)[0]
	}
	if o.Quotes == table.QuotesByDelimiter {
		o.Quotes = table.Quotes(p.Quotes)
	}
	if o.HeaderLine == 0 && o.Columns == nil {
		o.HeaderLine = p.HeaderLine
	}
	o.Headers = []func([]string) bool{p.Fits}
	o.Names = p.Find
}

// ownOf are the attributes that stand in the batch itself.
func (batch *batchBlock) ownOf(attributes hcl.Attributes) hcl.Attributes {
	if batch.preset == nil {
		return attributes
	}
	own := hcl.Attributes{}
	for name, attr := range attributes {
		if batch.preset.own[name] {
			own[name] = attr
		}
	}
	return own
}

// placed lets diagnostics about the preset's attributes point at the batch: their
// source is in no file that people have.
func (batch *batchBlock) placed(diags hcl.Diagnostics) hcl.Diagnostics {
	if batch.preset == nil {
		return diags
	}
	for _, d := range diags {
		if d.Subject == nil || d.Subject.Filename != batch.preset.file() {
			continue
		}
		if name := batch.preset.attributeAt(d.Subject.Start); name != "" {
			d.Detail = fmt.Sprintf("Preset %q sets %s; the batch can set another. %s", batch.preset.Name, name, d.Detail)
		}
		d.Subject, d.Context = batch.preset.at.Ptr(), nil
	}
	return diags
}

// placeOf is a range, or that of the preset's name for one in the preset.
func (batch *batchBlock) placeOf(r hcl.Range) hcl.Range {
	if batch.preset != nil && r.Filename == batch.preset.file() {
		return batch.preset.at
	}
	return r
}

// attributeAt is the attribute of the preset that has something at a place.
func (p *usedPreset) attributeAt(pos hcl.Pos) string {
	found, begin := "", -1
	for name, start := range p.all {
		if start.Byte <= pos.Byte && start.Byte > begin {
			found, begin = name, start.Byte
		}
	}
	return found
}

// presetReads is a sentence about which attributes of the preset read a column, which
// the batch would have to set itself to read another one.
func (batch *batchBlock) presetReads(c lang.ColumnRef) string {
	if batch.preset == nil || c.Range.Filename != batch.preset.file() {
		return ""
	}
	var names []string
	for expr := range batch.exprs() {
		if expr.Range().Filename == batch.preset.file() && slices.Contains(columnsReadBy(expr), c.Name) {
			if name := batch.preset.attributeAt(expr.Range().Start); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	last := len(names) - 1
	if last > 0 {
		names = append(names[:last-1], names[last-1]+" and "+names[last])
	}
	return fmt.Sprintf("Preset %q reads it; to read another column, set %s in the batch. ", batch.preset.Name, strings.Join(names, ", "))
}

// dateAttribute is the attribute that a text is for: what a preset reads as the time of
// shipping is a day where the export has no time.
func (batch *batchBlock) dateAttribute(name, text string) string {
	if name == "shipped_at" && len(text) == len(time.DateOnly) && batch.preset != nil && !batch.preset.own[name] {
		return "shipped_on"
	}
	return name
}

// otherPreset is a sentence about the presets that fit a header, if that of the batch
// does not.
func (batch *batchBlock) otherPreset(h *table.Header) string {
	if batch.preset == nil || batch.preset.Fits(h.Names) {
		return ""
	}
	var fit []string
	for _, p := range preset.Fitting(h.Names) {
		fit = append(fit, strconv.Quote(p.Name))
	}
	if len(fit) == 0 {
		return ""
	}
	return "The file fits the preset " + strings.Join(fit, " and the preset ") + ". "
}

// unreadVoids warns of columns by which labels may be void, and which nothing reads.
func (batch *batchBlock) unreadVoids(file string, h *table.Header) hcl.Diagnostics {
	if batch.preset == nil || batch.preset.own["voided"] || batch.texts["tracking_number"] == nil {
		return nil
	}
	read := map[string]bool{}
	for expr := range batch.exprs() {
		for _, name := range columnsReadBy(expr) {
			if i, ok := h.Index(name); ok {
				read[h.Names[i]] = true
			}
		}
	}
	unread := slices.DeleteFunc(batch.preset.Voiding(h.Names), func(name string) bool { return read[name] })
	if len(unread) == 0 {
		return nil
	}
	return warningAt(batch.preset.at, "Void labels may be shipped", fmt.Sprintf(
		"Preset %q does not read %s of %s. If it says which labels are void, set voided in the batch, for example voided = row[%q] == \"yes\". If it does not, set voided = false.",
		batch.preset.Name, columnsNamed(unread), file, unread[0]))
}

// sameMeaning is a sentence about the columns of a header that the preset can't tell
// apart.
func (batch *batchBlock) sameMeaning(name string, h *table.Header) string {
	if batch.preset == nil {
		return ""
	}
	var names []string
	for _, i := range batch.preset.Find(h.Names)[name] {
		names = append(names, h.Names[i])
	}
	if len(names) < 2 {
		return ""
	}
	return "These can all be it: " + quotedList(names) + ". "
}
