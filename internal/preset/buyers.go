package preset

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed buyers.txt
var buyerWords string

// BuyerColumn reports whether a column identifies buyers by its name: their names,
// addresses, e-mail addresses and phone numbers. Countries and states do not.
func BuyerColumn(name string) bool {
	forms := buyerForms()
	if slices.Contains(forms.own, strings.ToLower(strings.Join(strings.Fields(name), " "))) {
		return true
	}
	key := letters(strings.ToLower(name))
	return forms.name.MatchString(key) || strings.Contains(key, "email") && !forms.aboutMail.MatchString(key)
}

type buyerNames struct {
	name      *regexp.Regexp
	aboutMail *regexp.Regexp
	own       []string // of single exports
}

// between are what languages put between a thing and whose it is.
const between = `(?:de|des|der|del|dell|della|do|du|di|d|la|l|van|of)*`

var buyerForms = sync.OnceValue(func() buyerNames {
	words := map[string][]string{}
	for line := range strings.Lines(buyerWords) {
		kind, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, word := range strings.Fields(rest) {
			words[kind] = append(words[kind], regexp.QuoteMeta(word))
		}
	}
	any := func(kinds ...string) string {
		var all []string
		for _, kind := range kinds {
			all = append(all, words[kind]...)
		}
		return "(?:" + strings.Join(all, "|") + ")"
	}
	who := any("who") + "s?"
	form := `^(?:` + strings.Join([]string{
		any("alone") + "s?",
		`(?:` + who + `)*` + any("what") + `+[0-9]?`,
		`(?:` + who + `)+` + any("what", "weak") + `+[0-9]?`,
		any("what", "weak") + `+[0-9]?` + between + who + `[0-9]?`,
	}, "|") + `)$`
	names := buyerNames{regexp.MustCompile(form), regexp.MustCompile(`template|sent|status|marketing|optin|accept|subscri|count`), nil}
	for _, p := range all() {
		for _, name := range p.Buyers {
			names.own = append(names.own, strings.ToLower(name))
		}
	}
	return names
})

var emailForm = regexp.MustCompile(`(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}`)

// HasEmail reports whether a text holds an e-mail address.
func HasEmail(text string) bool {
	return strings.IndexByte(text, '@') >= 0 && emailForm.MatchString(text)
}

// phoneForm are phone numbers that no order and no parcel has: with the code of a
// country behind a plus sign, or with that of an area in parentheses. Digits alone can be
// anything.
var phoneForm = regexp.MustCompile(`^(?:\+[0-9][0-9 ().\-/]{6,18}[0-9]|\([0-9]{2,5}\) ?[0-9][0-9 .\-/]{4,12}[0-9])(?: ?(?:ext|x)\.? ?[0-9]+)?$`)

// IsPhone reports whether a text is certainly a phone number.
func IsPhone(text string) bool {
	return len(text) > 7 && (text[0] == '+' || text[0] == '(') && phoneForm.MatchString(text)
}
