package config

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/gdfctl/gdfctl/internal/endpoint"
	"github.com/gdfctl/gdfctl/internal/lang"
	"github.com/gdfctl/gdfctl/internal/spec"
)

var accountSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{
		{Name: "endpoint"},
		{Name: "consumer_key"},
		{Name: "token"},
		{Name: "default"},
		{Name: "formerly"},
		{Name: "timezone"},
		{Name: "lookback"},
		{Name: "page_size"},
		{Name: "settle"},
		{Name: "read_lag"},
		{Name: "take_time"},
	},
	Blocks: []hcl.BlockHeaderSchema{{Type: "rate_limit"}, {Type: "source", LabelNames: []string{"name"}}},
}

// accounts reads the account blocks, or makes the account "default" from the
// environment where there is none.
func (l *loader) accounts() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, b := range l.blocks["account"] {
		a, more := l.account(b)
		diags = append(diags, more...)
		l.cfg.Accounts = append(l.cfg.Accounts, a)
	}
	if len(l.cfg.Accounts) == 0 {
		a := l.newAccount("default")
		a.Default = true
		diags = append(diags, l.finishAccount(a, hcl.Range{}, hcl.Range{})...)
		l.cfg.Accounts = []*spec.Account{a}
	}
	sort.Slice(l.cfg.Accounts, func(i, j int) bool { return l.cfg.Accounts[i].Name < l.cfg.Accounts[j].Name })
	var first *spec.Account
	for _, a := range l.cfg.Accounts {
		if !a.Default {
			continue
		}
		if first != nil {
			diags = append(diags, errorAt(l.accountAt[a], "Two default accounts",
				fmt.Sprintf("Account %q is already the default. Only one account can be the default.", first.Name))...)
		}
		first = a
	}
	if len(l.cfg.Accounts) == 1 {
		l.cfg.Accounts[0].Default = true
	}
	return append(diags, l.formerNames()...)
}

// formerNames refuses a former name that could mean the orders of two accounts.
func (l *loader) formerNames() hcl.Diagnostics {
	var diags hcl.Diagnostics
	taken := map[string]*spec.Account{}
	for _, a := range l.cfg.Accounts {
		if a.Formerly == "" {
			continue
		}
		if other, ok := l.cfg.Account(a.Formerly); ok && other != a {
			diags = append(diags, errorAt(l.accountAt[a], fmt.Sprintf("There is still an account %q", a.Formerly),
				fmt.Sprintf("formerly names the account whose orders %q takes over, so that account must be gone.", a.Name))...)
		}
		if first := taken[a.Formerly]; first != nil {
			diags = append(diags, errorAt(l.accountAt[a], "Two accounts with one former name",
				fmt.Sprintf("Account %q already takes over the orders of %q.", first.Name, a.Formerly))...)
		}
		taken[a.Formerly] = a
	}
	return diags
}

const (
	defaultReadLag = 15 * time.Minute
	maxTakeTime    = 30 * 24 * time.Hour
)

// newAccount has the defaults of the language.
func (l *loader) newAccount(name string) *spec.Account {
	return &spec.Account{
		Name: name, Lookback: 30 * 24 * time.Hour, PageSize: 250,
		Settle: 120 * time.Second, ReadLag: defaultReadLag, TakeTime: 60 * time.Minute, Burst: endpoint.DefaultBurst, PerSecond: endpoint.DefaultPerSecond,
	}
}

func (l *loader) account(b *hcl.Block) (*spec.Account, hcl.Diagnostics) {
	content, diags := contentOf(b.Body, accountSchema)
	diags = append(diags, misnamed(b, "an account", ": the name is part of records and of file names")...)
	a := l.newAccount(b.Labels[0])
	l.accountAt[a] = b.DefRange
	s := l.scope("var", "local")
	endpointAt := b.DefRange
	for _, name := range sortedKeys(content.Attributes) {
		attr := content.Attributes[name]
		var more hcl.Diagnostics
		switch name {
		case "endpoint":
			endpointAt = attr.Expr.Range()
			more = l.endpoint(s, attr, a)
		case "consumer_key":
			a.ConsumerKey, more = l.key(attr, a)
		case "token":
			a.Token, more = l.key(attr, a)
		case "default":
			a.Default, more = s.boolean(attr)
		case "formerly":
			a.Formerly, more = s.text(attr)
		case "timezone":
			a.Timezone, more = s.timezone(attr)
		case "lookback":
			a.Lookback, more = s.duration(attr, a.Lookback)
			if a.Lookback < time.Hour && !more.HasErrors() {
				more = errorAt(attr.Expr.Range(), "lookback is too short", "Write at least an hour: marketplace orders arrive every 15 to 30 minutes.")
			}
		case "page_size":
			a.PageSize, more = s.whole(attr, 1, 10000, a.PageSize)
		case "settle":
			a.Settle, more = s.durationUpTo(attr, spec.MostSettle, a.Settle, "1h: every run that takes over from one that did not end waits for so long")
		case "read_lag":
			a.ReadLag, more = s.durationUpTo(attr, spec.MostReadLag, a.ReadLag, "24h: a run waits for so long before it repeats a call of a machine that was lost")
		case "take_time":
			a.TakeTime, more = s.takeTime(attr, a.TakeTime)
		}
		diags = append(diags, more...)
	}
	diags = append(diags, readLag(content.Attributes["read_lag"], a)...)
	seen := blocksSeen{}
	for _, block := range content.Blocks {
		if block.Type == "source" {
			diags = append(diags, sourceBlock(block, a, s)...)
			continue
		}
		more := seen.duplicate(block)
		if !more.HasErrors() {
			more = l.rateLimit(block, a, s)
		}
		diags = append(diags, more...)
	}
	return a, append(diags, l.finishAccount(a, endpointAt, b.DefRange)...)
}

// readLag checks read_lag against settle. One that is not written is never in the way
// of a long settle.
func readLag(attr *hcl.Attribute, a *spec.Account) hcl.Diagnostics {
	switch {
	case attr == nil:
		a.ReadLag = max(a.ReadLag, a.Settle)
	case a.ReadLag < a.Settle:
		return errorAt(attr.Expr.Range(), "read_lag is shorter than settle",
			"Reads can't show a call before it has taken effect. Write at least the account's settle, or leave read_lag out.")
	}
	return nil
}

func (l *loader) rateLimit(b *hcl.Block, a *spec.Account, s scope) hcl.Diagnostics {
	content, diags := contentOf(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "burst"}, {Name: "limit_per_second"}}})
	if attr, ok := content.Attributes["burst"]; ok {
		n, more := s.whole(attr, 1, 1_000_000, a.Burst)
		a.Burst, diags = n, append(diags, more...)
	}
	if attr, ok := content.Attributes["limit_per_second"]; ok {
		n, more := s.number(attr, 0.001, 1_000_000, a.PerSecond)
		a.PerSecond, diags = n, append(diags, more...)
	}
	return diags
}

// key reads consumer_key or token.
func (l *loader) key(attr *hcl.Attribute, a *spec.Account) (string, hcl.Diagnostics) {
	key, from, diags := l.credential(attr, nil)
	if from != "" || diags.HasErrors() {
		// a variable that is not set must not make another account's key of it
		a.KeyNamed, a.KeyFromOutside = true, true
	}
	return key, diags
}

// endpoint reads where an account's API is.
func (l *loader) endpoint(s scope, attr *hcl.Attribute, a *spec.Account) (more hcl.Diagnostics) {
	if !literal(attr.Expr) {
		// whoever may write this line must not choose where keys go
		a.KeyFromOutside = true
	}
	if name := lang.EnvironmentName(attr.Expr); name != "" {
		a.Endpoint, more = l.variableOf(attr, name, l.secrets)
		return more
	}
	var set bool
	a.Endpoint, set, more = s.optional(attr)
	if a.Endpoint == "" && set && !more.HasErrors() {
		more = errorAt(attr.Expr.Range(), "The endpoint is empty", "Leave the attribute out for the default, "+endpoint.Default+".")
	}
	return more
}

// literal reports whether an expression's value stands in it as it is.
func literal(expr hcl.Expression) bool {
	if len(expr.Variables()) > 0 {
		return false
	}
	is := true
	if syntax, ok := expr.(hclsyntax.Expression); ok {
		_ = hclsyntax.VisitAll(syntax, func(node hclsyntax.Node) hcl.Diagnostics {
			if _, call := node.(*hclsyntax.FunctionCallExpr); call {
				is = false
			}
			return nil
		})
	}
	return is
}

func (s scope) timezone(attr *hcl.Attribute) (*time.Location, hcl.Diagnostics) {
	name, set, diags := s.optional(attr)
	if diags.HasErrors() || !set {
		return nil, diags
	}
	loc, err := lang.ParseZone(name)
	if err != nil {
		return nil, append(diags, errorAt(attr.Expr.Range(), "Unknown time zone", `Write a name of the IANA database, like "America/New_York" or "UTC".`)...)
	}
	return loc, diags
}

// finishAccount fills what the environment gives and normalises the endpoint.
func (l *loader) finishAccount(a *spec.Account, at, block hcl.Range) hcl.Diagnostics {
	var diags hcl.Diagnostics
	fromEnv := false
	if a.Endpoint == "" {
		a.Endpoint = strings.TrimSpace(l.opts.Env("GDF_ENDPOINT"))
		fromEnv = a.Endpoint != ""
	}
	if a.Endpoint == "" {
		a.Endpoint = endpoint.Default
	}
	if a.ConsumerKey != "" && a.Token != "" {
		diags = append(diags, errorAt(block, "Both consumer_key and token are set", "One is enough: with a consumer key, tokens are fetched as they are needed.")...)
	}
	if a.ConsumerKey == "" && a.Token == "" && !a.KeyNamed {
		a.KeyFromOutside = true
		a.ConsumerKey = l.opts.Env("GDF_CONSUMER_KEY")
		if a.ConsumerKey == "" {
			a.Token = l.opts.Env("GDF_TOKEN")
		}
	}
	if a.Endpoint == endpoint.Sandbox {
		return diags
	}
	base, err := endpoint.Parse(a.Endpoint)
	if err != nil {
		detail := "The endpoint can't be used: " + err.Error() + `. For the built-in simulator, write "sandbox".`
		d := &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid endpoint", Detail: detail}
		if at.Filename != "" {
			d.Subject = at.Ptr()
		}
		if fromEnv {
			d.Summary = "Invalid endpoint in GDF_ENDPOINT"
		}
		return append(diags, d)
	}
	a.Endpoint = base.String()
	return diags
}

// accountFor is the account that a block means. What was told of its content
// may tell already why it names none.
func (l *loader) accountFor(content *hcl.BodyContent, told hcl.Diagnostics, block hcl.Range) (*spec.Account, hcl.Diagnostics) {
	attr := content.Attributes["account"]
	if attr == nil {
		for _, a := range l.cfg.Accounts {
			if a.Default {
				return a, nil
			}
		}
		if lang.Mistyped(told, "account") {
			return nil, nil
		}
		return nil, errorAt(block, "Missing account", `There are several accounts, and none is the default. Write account = "name" here, or default = true in one of them.`)
	}
	name, diags := l.scope("var", "local").text(attr)
	if diags.HasErrors() {
		return nil, diags
	}
	if a, ok := l.cfg.Account(name); ok {
		return a, diags
	}
	var names []string
	for _, a := range l.cfg.Accounts {
		names = append(names, a.Name)
	}
	return nil, append(diags, errorAt(attr.Expr.Range(), "No account "+quotedIn(attr.Expr, name), "The accounts are: "+strings.Join(names, ", ")+".")...)
}
