package spec

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Notify says who is told what.
type Notify struct {
	Name   string
	Format string   // one of NotifyFormats
	On     []string // of NotifyEvents, in their order; never empty

	Webhook     string // secret and not checked; empty if its variable is not set
	WebhookFrom string // the environment variable; empty if the address is in the file
	Secret      string // signs messages; empty if its variable is not set
	SecretFrom  string // the environment variable; empty if the secret is in the file

	Range hcl.Range
}

// NotifyEvents are the events that a notify block can name.
var NotifyEvents = []string{"feed_failed", "feed_recovered", "unknown", "refused", "held"}

// NotifyFormats are the ways in which a message can be written.
var NotifyFormats = []string{"json", "slack"}

// notifyBlocks reads who is to be told. What the environment holds is not
// looked at: a webhook that is not set, or wrong, must keep nobody from
// shipping.
func (l *loader) notifyBlocks() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range l.blocks["notify"] {
		n, more := l.notify(b)
		diags = append(diags, more...)
		l.cfg.Notify = append(l.cfg.Notify, n)
	}
	slices.SortFunc(l.cfg.Notify, func(a, b *Notify) int { return strings.Compare(a.Name, b.Name) })
	return diags
}

func (l *loader) notify(b *hcl.Block) (*Notify, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
		{Name: "webhook", Required: true}, {Name: "format"}, {Name: "on"}, {Name: "secret"},
	}})
	n := &Notify{Name: b.Labels[0], Format: NotifyFormats[0], On: NotifyEvents, Range: b.DefRange}
	diags = append(diags, misnamed(b, "a notify block", ": the name is part of messages and of records")...)
	s := l.scope("var", "local")
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		var more hcl.Diagnostics
		switch name {
		case "webhook":
			n.Webhook, n.WebhookFrom, more = l.credential(attr, l.keys)
			if n.Webhook == "" && n.WebhookFrom == "" && !more.HasErrors() {
				more = errorAt(attr.Expr.Range(), "webhook is empty", "Write webhook = env.NAME: without an address nobody is told.")
			}
		case "secret":
			n.Secret, n.SecretFrom, more = l.credential(attr, l.keys)
		case "format":
			n.Format, more = s.notifyFormat(attr)
		case "on":
			n.On, more = s.notifyEvents(attr)
		}
		diags = append(diags, more...)
	}
	if n.Secret == "" && n.SecretFrom == "" && n.Format == "json" && !diags.HasErrors() {
		diags = append(diags, warningAt(b.DefRange, "Messages are not signed",
			"Whoever learns the webhook's address can send it false messages. Write secret = env.NAME, and let the receiver check the signature.")...)
	}
	return n, diags
}

func (s scope) notifyFormat(attr *hcl.Attribute) (string, hcl.Diagnostics) {
	format, set, diags := s.optional(attr)
	switch {
	case diags.HasErrors():
	case !set:
		return NotifyFormats[0], diags
	case !slices.Contains(NotifyFormats, format):
		diags = append(diags, errorAt(attr.Expr.Range(), "Unknown format", "Write one of: "+strings.Join(NotifyFormats, ", ")+".")...)
	}
	return format, diags
}

func (s scope) notifyEvents(attr *hcl.Attribute) ([]string, hcl.Diagnostics) {
	v, diags := s.value(attr.Expr)
	if diags.HasErrors() || v.IsNull() {
		return NotifyEvents, diags
	}
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || list.LengthInt() == 0 {
		return NotifyEvents, append(diags, errorAt(attr.Expr.Range(), "on must be a list of events",
			"Write some of: "+strings.Join(NotifyEvents, ", ")+"; or leave the attribute out for all of them.")...)
	}
	named := map[string]bool{}
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		if v.IsNull() || !slices.Contains(NotifyEvents, v.AsString()) {
			return NotifyEvents, append(diags, errorAt(attr.Expr.Range(), "Unknown event", "There are: "+strings.Join(NotifyEvents, ", ")+".")...)
		}
		named[v.AsString()] = true
	}
	var on []string
	for _, event := range NotifyEvents {
		if named[event] {
			on = append(on, event)
		}
	}
	return on, diags
}
