package lang

import "github.com/hashicorp/hcl/v2/hclsyntax"

const (
	// MaxNesting is how deep brackets, blocks and templates may be nested, and
	// JSON in jsondecode.
	MaxNesting = 100
	// MaxOperators is how many operators, signs and indexes may follow each other
	// in one expression, those around it included: each makes the tree deeper.
	MaxOperators = 1000
)

// directive is the kind of a level between %{ if } or %{ for } and its end, which
// no token of its own stands for.
const directive = hclsyntax.TokenNil

type level struct {
	kind      hclsyntax.TokenType // the token that opened it
	operators int                 // of the expression that is being read at this level
	first     bool                // no token was seen in it yet
	newlines  bool                // a line's end does not end its expression: [for …], (…)
	opens     bool                // a control sequence: begins a directive
	closes    bool                // a control sequence: ends one
}

// nesting follows the levels that are open at a token. Closing tokens that don't
// fit are ignored, so that broken source can only look deeper than it is.
type nesting struct {
	levels    []level
	depth     int // levels that the parser recurses for
	operators int // of all levels together
}

func (n *nesting) token(t hclsyntax.Token) {
	top := &n.levels[len(n.levels)-1]
	if top.first && t.Type != hclsyntax.TokenNewline && t.Type != hclsyntax.TokenComment {
		top.first = false
		top.begin(t)
	}
	switch t.Type {
	case hclsyntax.TokenOBrack:
		n.operator() // an index makes the tree deeper as an operator does
		n.open(t.Type)
	case hclsyntax.TokenOBrace, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
		hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		n.open(t.Type)
	case hclsyntax.TokenCBrack:
		n.close(hclsyntax.TokenOBrack)
	case hclsyntax.TokenCBrace:
		n.close(hclsyntax.TokenOBrace)
	case hclsyntax.TokenCParen:
		n.close(hclsyntax.TokenOParen)
	case hclsyntax.TokenCQuote:
		n.closeText(hclsyntax.TokenOQuote)
	case hclsyntax.TokenCHeredoc:
		n.closeText(hclsyntax.TokenOHeredoc)
	case hclsyntax.TokenTemplateSeqEnd:
		n.closeSequence()
	case hclsyntax.TokenComma:
		n.endExpression()
	case hclsyntax.TokenNewline, hclsyntax.TokenComment:
		if endsLine(t) && !top.newlines {
			n.endExpression()
		}
	case hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPlus, hclsyntax.TokenMinus, hclsyntax.TokenPercent,
		hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq,
		hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenAnd, hclsyntax.TokenOr,
		hclsyntax.TokenBang, hclsyntax.TokenQuestion:
		n.operator()
	}
}

// begin looks at the first token of a level, which says what the level is.
func (l *level) begin(t hclsyntax.Token) {
	if t.Type != hclsyntax.TokenIdent {
		return
	}
	switch word := string(t.Bytes); l.kind {
	case hclsyntax.TokenOBrace:
		l.newlines = word == "for"
	case hclsyntax.TokenTemplateControl:
		l.opens = word == "if" || word == "for"
		l.closes = word == "endif" || word == "endfor"
	}
}

func (n *nesting) operator() {
	n.levels[len(n.levels)-1].operators++
	n.operators++
}

func (n *nesting) endExpression() {
	top := &n.levels[len(n.levels)-1]
	n.operators -= top.operators
	top.operators = 0
}

func (n *nesting) open(kind hclsyntax.TokenType) {
	n.levels = append(n.levels, level{kind: kind, first: true, newlines: kind != hclsyntax.TokenOBrace})
	if counts(kind) {
		n.depth++
	}
}

// counts is false for quotes: the templates in them count themselves.
func counts(kind hclsyntax.TokenType) bool {
	return kind != hclsyntax.TokenOQuote && kind != hclsyntax.TokenOHeredoc
}

func (n *nesting) topIs(kind hclsyntax.TokenType) bool {
	return len(n.levels) > 1 && n.levels[len(n.levels)-1].kind == kind
}

func (n *nesting) close(kind hclsyntax.TokenType) {
	if !n.topIs(kind) {
		return
	}
	n.endExpression()
	n.levels = n.levels[:len(n.levels)-1]
	if counts(kind) {
		n.depth--
	}
}

// closeText ends quoted text, and the directives in it that were left open.
func (n *nesting) closeText(kind hclsyntax.TokenType) {
	for n.topIs(directive) {
		n.close(directive)
	}
	n.close(kind)
}

func (n *nesting) closeSequence() {
	if n.topIs(hclsyntax.TokenTemplateInterp) {
		n.close(hclsyntax.TokenTemplateInterp)
		return
	}
	if !n.topIs(hclsyntax.TokenTemplateControl) {
		return
	}
	sequence := n.levels[len(n.levels)-1]
	n.close(hclsyntax.TokenTemplateControl)
	if sequence.opens {
		n.open(directive)
	}
	if sequence.closes {
		n.close(directive)
	}
}
