package lang

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// How large source may be. HCL takes 800 bytes to lex and parse one token, and
// keeps up to 130 of them.
const (
	MaxBlock      = 8 << 20   // bytes of a top-level block, with the comments before it
	MaxTokens     = 1_000_000 // words and symbols of it
	MaxExpression = 200_000   // elements, and parts of templates, of one expression

	maxLexed = 2 << 20 // bytes of one text or word, which the lexer must see whole
)

const intoATable = "Large data belongs in a table that a batch reads row by row."

// weight counts what a block and its expressions are made of.
type weight struct {
	tokens   int  // of the block
	elements int  // of the expression
	level    int  // at which the expression stands; 0: none is open
	ended    bool // an element was counted, or none began since
}

// token counts one more. levels is how many are open behind it, bytes how much of
// the block was read.
func (w *weight) token(t hclsyntax.Token, levels, bytes int) hcl.Diagnostics {
	w.tokens++
	switch {
	case bytes > MaxBlock:
		return tooDeep(t, "Block too large", fmt.Sprintf("One block may hold at most %d MiB. %s", MaxBlock>>20, intoATable))
	case w.tokens > MaxTokens:
		return tooDeep(t, "Block too large", fmt.Sprintf("One block may hold at most %d words and symbols. %s", MaxTokens, intoATable))
	}
	if w.level == 0 {
		if t.Type == hclsyntax.TokenEqual {
			w.level, w.elements, w.ended = levels, 0, true
		}
		return nil
	}
	switch t.Type {
	case hclsyntax.TokenNewline:
		if levels == w.level {
			w.level = 0
			return nil
		}
		w.element()
	case hclsyntax.TokenComma:
		w.element()
	case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		w.elements++
		w.ended = false
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen:
		w.ended = true
	case hclsyntax.TokenComment:
		if levels == w.level && endsLine(t) {
			w.level = 0
		}
	default:
		w.ended = false
	}
	if levels < w.level {
		w.level = 0
	}
	if w.elements > MaxExpression {
		return tooDeep(t, "Expression too long", fmt.Sprintf("One expression may hold at most %d elements, and parts of templates. %s", MaxExpression, intoATable))
	}
	return nil
}

// element ends an element of a list, an object or a call, unless a comma has.
func (w *weight) element() {
	if !w.ended {
		w.elements++
	}
	w.ended = true
}

// tooLongToLex refuses text that is not over in a window, if a larger one would
// take too much memory.
func tooLongToLex(tokens hclsyntax.Tokens, window int) hcl.Diagnostics {
	parts := 0
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenTemplateInterp || t.Type == hclsyntax.TokenTemplateControl {
			parts++
		}
	}
	switch {
	case parts > MaxExpression:
		return tooDeep(tokens[0], "Expression too long", fmt.Sprintf("One expression may hold at most %d elements, and parts of templates. %s", MaxExpression, intoATable))
	case window >= maxLexed:
		return tooDeep(tokens[0], "Text too long", fmt.Sprintf("One text may have at most %d MiB. %s", maxLexed>>20, intoATable))
	}
	return nil
}
