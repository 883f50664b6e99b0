package config

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/gdfctl/gdfctl/internal/carrier"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
)

// orderBlock is one order while it is read. It has no table.
type orderBlock struct {
	wish     draft
	replaces string
}

var orderSchema = &hcl.BodySchema{Attributes: wishAttributes}

// orderBlocks reads the orders, part by part of the files. The second result
// says that there is a fault of syntax: then only that is told.
func (l *loader) orderBlocks() (hcl.Diagnostics, bool) {
	return l.eachBlock(func(kind string) bool { return kind == "order" }, func(b *hcl.Block) hcl.Diagnostics {
		o, diags := l.orderBlock(b)
		if o != nil {
			l.cfg.orders.Add(o.wish.Wish)
		}
		return diags
	})
}

func (l *loader) orderBlock(b *hcl.Block) (*orderBlock, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, orderSchema)
	l.noteReplaces(content)
	account, more := l.accountFor(content, diags, b.DefRange)
	if diags = append(diags, more...); account == nil {
		return nil, diags
	}
	o := &orderBlock{wish: draft{spec.Wish{
		Origin: &spec.Origin{Kind: "order", Name: b.Labels[0], Account: account},
		Find:   spec.Find{ID: b.Labels[0]}, Attempt: 1, Place: placeOf(b.DefRange),
	}}}
	diags = append(diags, shipDate(content.Attributes, content.Attributes, account)...)
	s := l.scopeOf(account, "var", "local")
	for _, name := range sortedKeys(content.Attributes) {
		switch name {
		case "account", "severity": // told of above
		default:
			diags = append(diags, o.set(content.Attributes[name], s)...)
		}
	}
	if _, ok := content.Attributes["status"]; !ok && !lang.Mistyped(diags, "status") {
		diags = append(diags, errorAt(b.DefRange, "Missing status", `Write the wanted status: "acknowledged", "shipped" or "cancelled".`)...)
	}
	if diags.HasErrors() {
		return nil, diags
	}
	for _, name := range unused(o.wish.Want.Status) {
		if attr, ok := content.Attributes[name]; ok {
			diags = append(diags, warningAt(attr.NameRange, name+" has no effect", fmt.Sprintf("It is not sent with status %q.", o.wish.Want.Status))...)
		}
	}
	if o.replaces != "" { // few do, and there can be a hundred thousand blocks
		o.wish.Origin.Combining = &spec.Combining{Address: o.wish.Origin.String(), Replaces: o.replaces}
	}
	if f := o.wish.onPurpose(); f != nil {
		diags = append(diags, errorAt(content.Attributes["no_tracking"].Expr.Range(), f.summary, f.detail)...)
	}
	o.wish.tidy()
	if f := o.wish.complete(); f != nil {
		at := b.DefRange
		if attr, ok := content.Attributes[f.attr]; ok {
			at = attr.Expr.Range()
		}
		diags = append(diags, errorAt(at, f.summary, f.detail)...)
	}
	return o, diags
}

func (o *orderBlock) set(attr *hcl.Attribute, s scope) (diags hcl.Diagnostics) {
	w := &o.wish
	if attr.Name == "find" {
		v, diags := s.value(attr.Expr)
		if diags.HasErrors() {
			return diags
		}
		var f *fault
		w.Find, f = wishedFind(v, attr.Expr)
		return f.at(attr.Expr.Range())
	}
	if attr.Name == "attempt" {
		w.Attempt, diags = s.whole(attr, 1, 1000, 1)
		return diags
	}
	if attr.Name == "no_tracking" {
		w.NoTracking, diags = s.boolean(attr)
		return diags
	}
	text, diags := s.text(attr)
	if diags.HasErrors() {
		return diags
	}
	f := w.setText(attr.Name, text)
	if attr.Name == "tracking_number" && f == nil {
		f = w.numberOfBlock(text, placeOf(attr.Expr.Range()))
	}
	if attr.Name == "replaces" {
		o.replaces = text
		if !addressForm.MatchString(text) {
			f = &fault{"replaces", "replaces does not name a block", `Write the address of a batch or an order, like "batch.shipments".`}
		}
	}
	return append(diags, f.at(attr.Expr.Range())...)
}

// longestText is the longest value that is sent or kept of an order. Carriers'
// numbers have 40 characters at most.
const longestText = 500

// setText sets the attribute of that name from its trimmed text.
func (w *draft) setText(name, text string) (f *fault) {
	if name == "tracking_number" {
		text = carrier.Clean(text)
	}
	if len(text) > longestText || !safetext.Printable(text) {
		return &fault{name, "This can't be sent", fmt.Sprintf("It is longer than %d bytes, or has characters that are not printable.", longestText)}
	}
	switch name {
	case "status":
		w.Want.Status, f = wishedStatus(text)
	case "order_number":
		if rules.DamagedName(text) {
			return &fault{name, "A spreadsheet changed the order number", "Write the whole number. If it is from a table, " + exportAgain + "."}
		}
		w.Want.OrderNumber = text
	case "tracking_number":
		w.Want.Tracking = text
	case "carrier":
		w.Want.Carrier = text
	case "reason":
		w.Reason = text
	case "shipped_at":
		w.Want.ShippedAt, w.DateOnly = time.Time{}, false
		if text != "" {
			w.Want.ShippedAt, w.DateOnly, f = wishedTime(text, w.Origin.Account.Timezone)
		}
	case "shipped_on":
		if w.ShippedOn = 0; text != "" {
			w.ShippedOn, f = wishedDay(text)
		}
	}
	return f
}

func (f *fault) at(r hcl.Range) hcl.Diagnostics {
	if f == nil {
		return nil
	}
	return errorAt(r, f.summary, f.detail)
}

func (l *loader) releaseBlocks() hcl.Diagnostics {
	var diags hcl.Diagnostics
	schema := &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "account"}, {Name: "find"}, {Name: "reason", Required: true}}}
	for _, b := range l.blocks["release"] {
		content, more := contentOf(b.Body, schema)
		account, wrong := l.accountFor(content, more, b.DefRange)
		more = append(more, wrong...)
		r := spec.Release{Account: account, Find: spec.Find{ID: b.Labels[0]}, Place: placeOf(b.DefRange)}
		s := l.scope("var", "local")
		if attr, ok := content.Attributes["find"]; ok {
			v, wrong := s.value(attr.Expr)
			more = append(more, wrong...)
			if !wrong.HasErrors() {
				var f *fault
				r.Find, f = wishedFind(v, attr.Expr)
				more = append(more, f.at(attr.Expr.Range())...)
			}
		}
		if attr, ok := content.Attributes["reason"]; ok {
			text, wrong := s.text(attr)
			more = append(more, wrong...)
			if r.Reason = text; text == "" && !wrong.HasErrors() {
				more = append(more, errorAt(attr.Expr.Range(), "A release needs a reason", "It is kept in the audit log: write why gdfctl no longer handles this order.")...)
			}
		}
		if diags = append(diags, more...); !more.HasErrors() {
			l.cfg.Released = append(l.cfg.Released, r)
		}
	}
	return diags
}
