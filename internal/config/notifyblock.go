package config

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/spec"
)

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
	slices.SortFunc(l.cfg.Notify, func(a, b *spec.Notify) int { return strings.Compare(a.Name, b.Name) })
	return diags
}

func (l *loader) notify(b *hcl.Block) (*spec.Notify, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
		{Name: "webhook", Required: true}, {Name: "format"}, {Name: "on"}, {Name: "secret"}, {Name: "heartbeat"},
	}})
	n := &spec.Notify{Name: b.Labels[0], Format: spec.NotifyFormats[0], On: spec.NotifyEvents}
	diags = append(diags, misnamed(b, "a notify block", ": the name is part of messages and of records")...)
	s := l.scope("var", "local")
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		var more hcl.Diagnostics
		switch name {
		case "webhook":
			n.Webhook, n.WebhookFrom, more = l.credential(attr, l.keys)
			if n.Webhook == "" && n.WebhookFrom == "" && !more.HasErrors() {
				more = errorAt(attr.Expr.Range(), "webhook is empty", "Write webhook = env.NAME: without an address, no messages are sent.")
			}
		case "heartbeat":
			n.Heartbeat, n.HeartbeatFrom, more = l.credential(attr, l.keys)
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
			"Anybody who learns the webhook's address can send it false messages. Write secret = env.NAME, and let the receiver check the signature.")...)
	}
	return n, diags
}

func (s scope) notifyFormat(attr *hcl.Attribute) (string, hcl.Diagnostics) {
	format, set, diags := s.optional(attr)
	switch {
	case diags.HasErrors():
	case !set:
		return spec.NotifyFormats[0], diags
	case !slices.Contains(spec.NotifyFormats, format):
		diags = append(diags, errorAt(attr.Expr.Range(), "Unknown format", "Write one of: "+strings.Join(spec.NotifyFormats, ", ")+".")...)
	}
	return format, diags
}

func (s scope) notifyEvents(attr *hcl.Attribute) ([]string, hcl.Diagnostics) {
	v, diags := s.value(attr.Expr)
	if diags.HasErrors() || v.IsNull() {
		return spec.NotifyEvents, diags
	}
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || list.LengthInt() == 0 {
		return spec.NotifyEvents, append(diags, errorAt(attr.Expr.Range(), "on must be a list of events",
			"Write some of: "+strings.Join(spec.NotifyEvents, ", ")+"; or leave the attribute out for all of them.")...)
	}
	named := map[string]bool{}
	for it := list.ElementIterator(); it.Next(); {
		_, v := it.Element()
		if v.IsNull() || !slices.Contains(spec.NotifyEvents, v.AsString()) {
			return spec.NotifyEvents, append(diags, errorAt(attr.Expr.Range(), "Unknown event", "There are: "+strings.Join(spec.NotifyEvents, ", ")+".")...)
		}
		named[v.AsString()] = true
	}
	var on []string
	for _, event := range spec.NotifyEvents {
		if named[event] {
			on = append(on, event)
		}
	}
	return on, diags
}
