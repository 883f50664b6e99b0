package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gdfctl/gdfctl/internal/nearest"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// standingBlock is a standing order without the rows of its tables.
type standingBlock struct {
	spec.Standing
	only, except *namingList // nil: there is no such block
}

var standingSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{
		{Name: "account"},
		{Name: "live", Required: true},
		{Name: "status", Required: true},
		{Name: "order_number", Required: true},
		{Name: "max_per_run", Required: true},
	},
	Blocks: []hcl.BlockHeaderSchema{{Type: "only"}, {Type: "except"}},
}

func (l *loader) standingBlocks() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range l.blocks["standing"] {
		block, more := l.standingBlock(b)
		if diags = append(diags, more...); !more.HasErrors() {
			l.cfg.standing = append(l.cfg.standing, block)
		}
	}
	slices.SortFunc(l.cfg.standing, func(a, b *standingBlock) int { return strings.Compare(a.Origin.Name, b.Origin.Name) })
	return diags
}

func (l *loader) standingBlock(b *hcl.Block) (*standingBlock, hcl.Diagnostics) {
	if diags := misnamed(b, "a standing order", ": the name is part of every address"); diags.HasErrors() {
		return nil, diags
	}
	content, diags := contentOf(b.Body, standingSchema)
	account, more := l.accountFor(content, diags, b.DefRange)
	if diags = append(diags, more...); account == nil {
		return nil, diags
	}
	block := &standingBlock{Standing: spec.Standing{
		Origin: &spec.Origin{Kind: spec.KindStanding, Name: b.Labels[0], Account: account}, Place: placeOf(b.DefRange),
	}}
	block.Origin.Combining = &spec.Combining{Address: block.Origin.String()}
	block.Digest = l.standingDigest(content)
	s := l.scopeOf(account, "var", "local")
	if attr, ok := content.Attributes["live"]; ok {
		diags = append(diags, block.setLive(attr, s)...)
	}
	if attr, ok := content.Attributes["status"]; ok {
		text, more := s.text(attr)
		diags = append(diags, more...)
		if !more.HasErrors() && text != string(order.Acknowledged) {
			diags = append(diags, errorAt(attr.Expr.Range(), "Invalid status of a standing order",
				`Write "acknowledged": it is the only one that a standing order can want. To ship or cancel orders, name them in a batch or an order block.`)...)
		}
	}
	if attr, ok := content.Attributes["max_per_run"]; ok {
		block.LimitAt = placeOf(attr.NameRange)
		block.LimitAt.Column = 0 // it stands in messages, and a line is enough there
		block.MaxPerRun, more = s.whole(attr, 1, spec.NoLimit, 0)
		if diags = append(diags, more...); block.MaxPerRun == 0 && !more.HasErrors() {
			diags = append(diags, errorAt(attr.Expr.Range(), "max_per_run has no value", "Write how many orders one run may acknowledge.")...)
		}
	}
	if attr, ok := content.Attributes["order_number"]; ok {
		diags = append(diags, l.standingNumber(block, attr)...)
	}
	for _, list := range content.Blocks {
		target := &block.only
		if list.Type == "except" {
			target = &block.except
		}
		if *target != nil {
			diags = append(diags, errorAt(list.DefRange, "Duplicate "+list.Type+" block", "Write one, whose rows name all the orders: a glob reads several files.")...)
			continue
		}
		*target, more = l.namingList(block.Origin, list)
		diags = append(diags, more...)
	}
	return block, diags
}

// liveKeys are the keys of live.
var liveKeys = []string{"source", "status", "older_than", "newer_than"}

const liveShape = `Write live = { source = "Walmart", status = "new", older_than = "10m" }.`

// setLive reads which live orders are meant.
func (b *standingBlock) setLive(attr *hcl.Attribute, s scope) hcl.Diagnostics {
	pairs, wrong := hcl.ExprMap(attr.Expr)
	if wrong.HasErrors() {
		return errorAt(attr.Expr.Range(), "Invalid live", liveShape)
	}
	var diags hcl.Diagnostics
	written := map[string]hcl.Range{}
	for _, pair := range pairs {
		key, more := pair.Key.Value(nil)
		if more.HasErrors() || key.IsNull() || !key.IsKnown() || key.Type() != cty.String {
			return append(diags, errorAt(pair.Key.Range(), "Invalid live", "A key of live must be a plain word. "+liveShape)...)
		}
		name := key.AsString()
		if _, twice := written[name]; twice {
			diags = append(diags, errorAt(pair.Key.Range(), "Invalid live", name+" is written twice.")...)
			continue
		}
		written[name] = pair.Value.Range()
		field := &hcl.Attribute{Name: name, Expr: pair.Value, NameRange: pair.Key.Range(), Range: pair.Value.Range()}
		switch name {
		case "source":
			b.Source, more = s.text(field)
			if b.Source == "" && !more.HasErrors() {
				more = append(more, errorAt(pair.Value.Range(), "source is empty", "Write the marketplace as GoDataFeed names it, like \"Walmart\": `gdfctl orders list` shows it.")...)
			}
		case "status":
			text, wrong := s.text(field)
			if more = append(more, wrong...); !more.HasErrors() && order.Status(text) != order.New {
				more = append(more, errorAt(pair.Value.Range(), "Invalid status in live", `Write "new": a standing order is about new orders only.`)...)
			}
		case "older_than":
			b.OlderThan, more = s.duration(field, 0)
		case "newer_than":
			b.NewerThan, more = s.duration(field, 0)
		default:
			more = errorAt(pair.Key.Range(), "Unknown key in live", fmt.Sprintf("%s is not a key of live.%s %s", quotedIn(attr.Expr, name), nearest.Question(name, liveKeys), liveShape))
		}
		diags = append(diags, more...)
	}
	if diags.HasErrors() {
		return diags
	}
	for _, name := range []string{"source", "older_than"} {
		if _, ok := written[name]; !ok {
			diags = append(diags, errorAt(attr.Expr.Range(), "live has no "+name, map[string]string{
				"source":     `Write the marketplace, as GoDataFeed names it: source = "Walmart".`,
				"older_than": `Write how old an order must be, like older_than = "10m": within that time a buyer can still cancel.`,
			}[name])...)
		}
	}
	if _, ok := written["newer_than"]; ok && b.NewerThan <= b.OlderThan {
		diags = append(diags, errorAt(written["newer_than"], "No order can be that old", "newer_than must be longer than older_than, or nothing is selected.")...)
	}
	if lookback := b.Origin.Account.Lookback; b.OlderThan >= lookback && lookback > 0 {
		diags = append(diags, errorAt(written["older_than"], "No order that is read is that old",
			fmt.Sprintf("Orders are read as far back as the account's lookback, %s. Write a shorter time, or raise lookback.", words.Duration(lookback)))...)
	}
	return diags
}

// liveNames are the attributes of an order that order_number may use.
var liveNames = []string{"id", "source", "source_order_number", "created_at"}

func liveValues(ref order.Ref, created time.Time) map[string]cty.Value {
	return map[string]cty.Value{"live": cty.ObjectVal(map[string]cty.Value{
		"id": orNull(ref.ID), "source": orNull(ref.Source), "source_order_number": orNull(ref.SourceNumber), "created_at": cty.StringVal(rfc3339(created.UTC())),
	})}
}

// standingNumber reads order_number, an expression over live.
func (l *loader) standingNumber(b *standingBlock, attr *hcl.Attribute) hcl.Diagnostics {
	s := l.scopeOf(b.Origin.Account, "live", "var", "local")
	diags := s.check(attr.Expr)
	uses := false
	for _, t := range attr.Expr.Variables() {
		if t.RootName() != "live" {
			continue
		}
		uses = true
		if name := stepName(t); name != "" && !slices.Contains(liveNames, name) {
			diags = append(diags, errorAt(t.SourceRange(), fmt.Sprintf("live has no attribute %q", name),
				fmt.Sprintf("There are: %s.%s", strings.Join(nearest.Sorted(name, liveNames), ", "), nearest.Question(name, liveNames)))...)
		}
	}
	if diags.HasErrors() {
		return diags
	}
	if !uses {
		return append(diags, errorAt(attr.Expr.Range(), "order_number is the same for all orders",
			"Each order needs a number of its own. Write an expression over live, like live.source_order_number.")...)
	}
	b.NumberAt, b.NumberDigest = placeOf(attr.Expr.Range()), l.exprDigest(attr.Expr)
	number := numberOverLive(attr.Expr, s.ctx)
	if _, err := number(order.Ref{ID: "tHbuSCBLMHNXP0VIYiycumodmWyfG6pj", Source: b.Source, SourceNumber: "112-1234567-1234567"}, l.opts.Now()); err != nil {
		diags = append(diags, errorAt(attr.Expr.Range(), "order_number can't be evaluated", err.Error()+".")...)
	}
	b.Number = number
	return diags
}

// numberOverLive evaluates the expression of an order number for one order after
// the other.
func numberOverLive(expr hcl.Expression, base *hcl.EvalContext) func(order.Ref, time.Time) (string, error) {
	return func(ref order.Ref, created time.Time) (string, error) {
		ctx := base.NewChild()
		ctx.Variables = liveValues(ref, created)
		v, err := evaluated("order_number", expr, ctx)
		if err != nil {
			return "", fmt.Errorf("%s", strings.TrimSuffix(err.Error(), "."))
		}
		text, err := convert.Convert(v, cty.String)
		if err != nil {
			return "", fmt.Errorf("order_number must be text, not %s", v.Type().FriendlyName())
		}
		if text.IsNull() || strings.TrimSpace(text.AsString()) == "" {
			return "", fmt.Errorf("order_number has no value for this order")
		}
		var d draft
		if f := d.setText("order_number", strings.TrimSpace(text.AsString())); f != nil {
			return "", fmt.Errorf("%s: %s. %s", f.attr, f.summary, strings.TrimSuffix(f.detail, "."))
		}
		return d.Want.OrderNumber, nil
	}
}

// exprDigest identifies what some expressions say, as digest does.
func (l *loader) exprDigest(exprs ...hcl.Expression) string {
	sum := sha256.New()
	for _, expr := range exprs {
		fmt.Fprintln(sum, "part")
		l.writeTokens(sum, expr)
		l.writeValues(sum, expr)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// standingDigest identifies what a block says. The rows of its tables are no part
// of it: reviewers are shown a rule, and who is on the list changes daily.
func (l *loader) standingDigest(content *hcl.BodyContent) string {
	var parts []string
	add := func(of string, attributes hcl.Attributes) {
		for _, name := range sortedKeys(attributes) {
			if name != "account" {
				parts = append(parts, of+name+" "+l.exprDigest(attributes[name].Expr))
			}
		}
	}
	add("", content.Attributes)
	for _, b := range content.Blocks {
		attributes, _ := b.Body.JustAttributes() // what is wrong is told where the block is read
		add(b.Type+".", attributes)
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}
