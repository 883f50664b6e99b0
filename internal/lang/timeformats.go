package lang

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/zclconf/go-cty/cty"
)

// mostFormats is how many formats one text is tried on.
const mostFormats = 30

var errFormats = fmt.Errorf("the format must be a text, or a list of 1 to %d texts", mostFormats)

// formatsOf are the formats that parse_time was given: one, or several to try in
// turn. None are returned while they are not known.
func formatsOf(v cty.Value) ([]string, error) {
	switch {
	case !v.IsKnown():
		return nil, nil
	case v.IsNull():
		return nil, errFormats
	case v.Type() == cty.String:
		return []string{v.AsString()}, nil
	}
	if !v.CanIterateElements() || v.Type().IsObjectType() || v.Type().IsMapType() || v.Type().IsSetType() {
		return nil, errFormats
	}
	formats := make([]string, 0, mostFormats)
	for it := v.ElementIterator(); it.Next(); {
		_, format := it.Element()
		if !format.IsKnown() {
			return nil, nil
		}
		if len(formats) == mostFormats || format.IsNull() || format.Type() != cty.String {
			return nil, errFormats
		}
		formats = append(formats, format.AsString())
	}
	if len(formats) == 0 {
		return nil, errFormats
	}
	return formats, nil
}

// parseFirst reads text by the first format that it matches. What is wrong with a
// text that matches a format, such as a day that does not exist, is not passed over.
func parseFirst(formats []string, text string, zone *time.Location) (string, error) {
	for _, format := range formats {
		read, err := parseTime(format, text, zone)
		if _, other := errors.AsType[mismatch](err); !other || len(formats) == 1 {
			return read, err
		}
	}
	const shown = 3
	var quoted []string
	for _, format := range formats[:min(len(formats), shown)] {
		quoted = append(quoted, fmt.Sprintf("%q", format))
	}
	if more := len(formats) - shown; more > 0 {
		return "", fmt.Errorf("the text does not match any of the %d formats, such as %s", len(formats), strings.Join(quoted, ", "))
	}
	return "", fmt.Errorf("the text does not match any of the formats %s", strings.Join(quoted, ", "))
}

// months are the names of months and their short forms in exports that are not
// in English. None of them means another month in one of the languages.
var months = map[string]time.Month{
	// German
	"januar": 1, "jänner": 1, "februar": 2, "märz": 3, "mär": 3, "mrz": 3, "mai": 5, "juni": 6, "juli": 7, "okt": 10, "oktober": 10, "dez": 12, "dezember": 12,
	// French
	"janv": 1, "janvier": 1, "févr": 2, "fév": 2, "février": 2, "mars": 3, "avr": 4, "avril": 4, "juin": 6, "juil": 7, "juillet": 7, "août": 8, "sept": 9, "septembre": 9,
	"octobre": 10, "novembre": 11, "déc": 12, "décembre": 12,
	// Spanish
	"ene": 1, "enero": 1, "febrero": 2, "marzo": 3, "abr": 4, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "ago": 8, "agosto": 8, "septiembre": 9, "octubre": 10,
	"noviembre": 11, "dic": 12, "diciembre": 12,
	// Italian
	"gen": 1, "gennaio": 1, "febbraio": 2, "aprile": 4, "mag": 5, "maggio": 5, "giu": 6, "giugno": 6, "lug": 7, "luglio": 7, "set": 9, "settembre": 9, "ott": 10,
	"ottobre": 10, "dicembre": 12,
}

// englishMonth is a text with the short English name of the month that it names
// in another language. A dot behind the short form is part of it.
func englishMonth(text string) string {
	begin := strings.IndexFunc(text, unicode.IsLetter)
	if begin < 0 {
		return text
	}
	word := text[begin:]
	if end := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		word = word[:end]
	}
	rest := text[begin+len(word):]
	month, ok := months[strings.ToLower(cty.NormalizeString(word))]
	if !ok {
		month, ok = englishMonths[strings.ToLower(word)]
	}
	if !ok {
		return text
	}
	return text[:begin] + month.String()[:3] + strings.TrimPrefix(rest, ".")
}

// englishMonths are those that a dot can follow, or that are longer than %b reads.
var englishMonths = func() map[string]time.Month {
	names := map[string]time.Month{}
	for m := time.January; m <= time.December; m++ {
		names[strings.ToLower(m.String())], names[strings.ToLower(m.String()[:3])] = m, m
	}
	return names
}()
