package archtest

import (
	"fmt"
	"regexp"
	"strings"
)

// habit is a way of writing that is kept out of what people read: one term
// names one thing, sentences are those of a native writer, and the spelling is
// American.
type habit struct {
	pattern *regexp.Regexp
	// except is matched against what pattern found, for phrases that look
	// alike and are good English.
	except  *regexp.Regexp
	instead string
	// example is a text in which the pattern finds something; fine is one in
	// which it must not.
	example, fine string
}

// near is a stretch of one sentence.
const near = `[^.;:!?|]{0,80}?`

// words makes a pattern of phrases, which may go on in the next line.
func words(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:` + strings.ReplaceAll(pattern, " ", `\s+`) + `)\b`)
}

// oneTerm keeps one word for one thing.
var oneTerm = []habit{
	{pattern: words(`verdicts?`), instead: "result", example: "the verdict of a rule"},
	{pattern: words(`not_known`), instead: "unknown", example: "the code is not_known"},
	{pattern: words(`(?:gdfctl )?audit records?|on record|lines? of the record`), except: words(`gdfctl audit record`), instead: "audit log, entry, recorded", example: "the audit record", fine: "the audit log"},
	{pattern: words(`settle[sd]|settling|(?:to|it|not) settle`), instead: "finish, resolve, decide: settle is only the waiting time", example: "the call is settled", fine: "the waiting time settle"},
	{pattern: words(`(?:left|leaves?|leaving) (?:\w+ )?alone`), instead: "held back, skipped, not changed", example: "the order is left alone"},
	{pattern: words(`(?:a|the|each|every|one|this|that|no) sending|sendings`), instead: "call, change", example: "after the sending"},
	{pattern: words(`ready-made`), instead: "built-in", example: "ready-made rules"},
	{pattern: words(`(?:your|their|its|my|his) own rules?|own rules`), instead: "custom rules", example: "your own rules"},
	{pattern: words(`mean(?:s|ing)? (?:an|the|this|that|which|one|no) (?:live )?orders?`), instead: "match, name", example: "find means an order"},
	{pattern: words(`(?:is|are|was|were|be) meant(?: \w+)?`), except: words(`meant (?:to|for|as)`), instead: "match, name, select", example: "which account is meant", fine: "it is meant to be read"},
}

// translated are turns of phrase that sound as if translated.
var translated = []habit{
	{pattern: words(`(?:hold|holds|held|holding)\b` + near + `\bagainst`), instead: "check against, compare with", example: "holds the orders against the configuration", fine: "what it holds. Against that"},
	{pattern: words(`tells?|telling|told`), instead: "report, say, show", example: "people are told"},
	{pattern: words(`(?:\w+ )?(?:is|are|was|were) no \w+`), except: words(`there (?:is|are|was|were) no \w+|(?:is|are|was|were) no (?:longer|more|less|fewer|different|better|worse|later|earlier|older|such|reason|exception)`), instead: "is not a", example: "a bucket is no lock", fine: "there is no lock, and it is no longer held"},
	{pattern: words(`(?:one|once|a line|an object|a script|a package|a file|a row|one row|one line) an? (?:line|row|file|order|topic|package|matter|commit|change|run|record|feed|rule|call|event|entry|finding|account|batch|host|watch)`), instead: "one per line", example: "one record a line, and one a line"},
	{pattern: words(`(?:records?|entry|entries|objects?|changes?|calls?|files?|lines?|findings?) a (?:line|row|file|order|record|entry)`), except: words(`(?:call|change|file)s? a (?:order|file)`), instead: "one per line", example: "one record a line"},
	{pattern: words(`anew`), instead: "again", example: "begun anew"},
	{pattern: words(`in (?:the )?place of`), instead: "instead of", example: "in the place of a number"},
	{pattern: words(`(?:at|with) the fewest`), instead: "in as few … as possible", example: "at the fewest calls"},
	{pattern: words(`of late`), instead: "recently", example: "a run of late", fine: "a number of later orders"},
	{pattern: words(`what (?:has |had )?(?:became|become|becomes) of`), instead: "the outcome of", example: "what became of a call"},
	{pattern: words(`for ever`), instead: "forever, always", example: "kept for ever", fine: "for every order"},
	{pattern: words(`slips? of the pen`), instead: "typo", example: "a slip of the pen"},
	{pattern: words(`(?:take|takes|took|taken|taking) away`), instead: "remove", example: "unlock takes away the lock"},
	{pattern: words(`(?:take|takes|taken|taking) (?:it|them|that|this|these|those) out`), instead: "remove", example: "take it out"},
	{pattern: regexp.MustCompile(`(?i)(?:[.,;:]|\band|\bor|\bbut) else [a-z]`), except: words(`(?:or|and) else if`), instead: "otherwise", example: "listed again, and else it is an error", fine: "nothing else is sent"},
	{pattern: words(`to the letter`), instead: "exactly", example: "repeated to the letter"},
	{pattern: words(`but for`), instead: "except, apart from", example: "all but for one"},
	{pattern: words(`\w+s aside`), except: words(`sets aside`), instead: "except, apart from", example: "dotfiles aside", fine: "it sets aside a place"},
	{pattern: words(`stands? (?:in|on|at|below|above|beside|under|there|before|after|next|between)`), instead: "is", example: "the reason stands in the file", fine: "this stands for a number"},
	{pattern: words(`(?:is|are|was|were|be) at work`), instead: "is running", example: "another run is at work"},
	{pattern: words(`(?:go|goes|went|gone|going) out`), instead: "is sent", example: "a change that went out"},
	{pattern: words(`(?:mend|mends|mended|mending)`), instead: "fix, repair", example: "mend the file", fine: "recommended"},
	{pattern: words(`twice running|times running`), instead: "twice in a row, on two attempts", example: "differs twice running"},
	{pattern: words(`what is more`), instead: "the rest", example: "what is more waits for the next run"},
	{pattern: words(`at hand`), instead: "available", example: "no terminal at hand"},
	{pattern: words(`till|upon|lest|shall|hitherto|whereupon|thereupon|therein|thereof|hence|whence|henceforth|of yore`), instead: "a common word", example: "wait till then"},
	{pattern: regexp.MustCompile(`(?i)\b(?:give|gives|given) (?:it )?-{1,2}[a-z]`), instead: "use --flag", example: "give --auto-approve"},
	{pattern: words(`only '?"?yes'?"? is taken`), instead: "Type 'yes' to continue", example: "Only 'yes' is taken:"},
}

// british are spellings that an American reader stumbles over. Values of the
// configuration, of JSON and of the API stay as they are.
var british = []habit{
	{pattern: words(`colou?rs?`), except: words(`colors?`), instead: "color", example: "no colours", fine: "no color"},
	{pattern: words(`behaviours?|favou?r(?:s|ed|ite)?|honou?r(?:s|ed|ing)?|neighbou?rs?|flavou?rs?|labou?r`), except: words(`behaviors?|favor\w*|honor\w*|neighbors?|flavors?|labor`), instead: "-or", example: "its behaviour", fine: "its behavior"},
	{pattern: regexp.MustCompile("(?i)[\"'‘]?\\bcancell(?:ed|ing)\\b[\"'’]?"), except: regexp.MustCompile("[\"'‘’]"), instead: "canceled, canceling", example: "an order that was cancelled", fine: "max_cancellations, and status = \"cancelled\""},
	{pattern: words(`(?:re|un)?(?:label|signal|travel|model|total|level|channel|marshal)l(?:ed|ing)`), instead: "a single l", example: "it is labelled"},
	{pattern: words(`(?:recogni|organi|normali|initiali|seriali|synchroni|summari|canonicali|minimi|maximi|optimi|authori|customi|categori|emphasi|finali|priorit[ei]|standardi|utili|visuali|tokeni|capitali|unrecogni|unauthori)s(?:e|es|ed|er|ers|ing|ation|ations)`), instead: "-ize", example: "unrecognised", fine: "normalized, an optimist"},
	{pattern: words(`analys(?:e|ed|ing)|catalogues?|centres?|grey|defences?|judgements?|artefacts?|fulfil|fulfils|fulfilment|licences?|learnt|spelt|burnt|whilst|amongst|programmes?|cheques?|practise[sd]?|per cent|afterwards|towards|sceptical|ageing`), instead: "the American spelling", example: "order fulfilment", fine: "fulfillment"},
}

var habits = append(append(append([]habit{}, oneTerm...), translated...), british...)

// passage is a piece of text for people, and where it is.
type passage struct {
	path string
	line int
	text string
}

// checkHabits finds what the habits forbid.
func checkHabits(passages []passage, habits []habit) []string {
	var found []string
	for _, p := range passages {
		for _, h := range habits {
			for _, at := range h.pattern.FindAllStringIndex(p.text, -1) {
				match := p.text[at[0]:at[1]]
				if h.except != nil && h.except.MatchString(match) {
					continue
				}
				line := p.line + strings.Count(p.text[:at[0]], "\n")
				found = append(found, fmt.Sprintf("%s:%d: %q: write %s", p.path, line, strings.Join(strings.Fields(match), " "), h.instead))
			}
		}
	}
	return found
}
