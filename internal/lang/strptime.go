package lang

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/itchyny/timefmt-go"
)

// hourLetters are the directives that read an hour. A format without any names
// a day.
const hourLetters = "HIklsc+rXTR"

// parseTime reads text by strptime's letters, as the text that parse_time
// returns: a moment in UTC, or a day if the format reads no hour. What moment a
// day begins at is for its reader to say: midnight would be a guess.
func parseTime(format, text string, zone *time.Location) (string, error) {
	format, text = plainSpaces(format), plainSpaces(text)
	letters, err := formatLetters(format)
	if err != nil {
		return "", err
	}
	if !strings.ContainsAny(letters, hourLetters) {
		t, err := parseDate(format, text, time.UTC)
		return t.Format(time.DateOnly), err
	}
	t, err := parseMoment(format, text, letters, zone)
	return t.UTC().Format(time.RFC3339), err
}

// parseMoment reads a time of day. A zone in the text counts before zone, which
// may be nil. Errors name the format and never quote the text.
func parseMoment(format, text, letters string, zone *time.Location) (time.Time, error) {
	named := strings.Contains(letters, "Z") || strings.Contains(letters, "+")
	zoned := named || strings.ContainsAny(letters, "zs")
	if !zoned && zone == nil {
		return time.Time{}, errors.New("the time has no zone: add the zone to parse_time as its third argument, or set timezone in the account")
	}
	base := time.UTC
	if named && zone != nil {
		base = zone // tells which of the world's EST is meant
	}
	t, err := parseDate(format, text, base)
	switch {
	case err != nil:
		return time.Time{}, err
	case named:
		return t, checkAbbreviation(t, base)
	case zoned:
		return t, nil
	}
	return resolveLocal(t, zone)
}

// mismatch says that a text is not written in a format.
type mismatch struct{ format string }

func (m mismatch) Error() string {
	return fmt.Sprintf("the text does not match the format %q", m.format)
}

// firstYear is the first that has four digits: %Y also reads the 26 of 11/20/26, as a
// year of the Romans, where %y is meant.
const firstYear = 1000

// parseDate reads text, and refuses days that the calendar does not have.
func parseDate(format, text string, base *time.Location) (time.Time, error) {
	t, err := timefmt.ParseInLocation(text, format, base)
	if err != nil && strings.Contains(format, "%b") {
		text = englishMonth(text)
		t, err = timefmt.ParseInLocation(text, format, base)
	}
	if err != nil || t.Year() < firstYear {
		return time.Time{}, mismatch{format}
	}
	if t.Day() <= 3 && overflowed(t, format, text, base) {
		return time.Time{}, fmt.Errorf("the date does not exist: the month has fewer days (format %q)", format)
	}
	return t, nil
}

// plainSpaces turns every kind of space into a plain one. JavaScript writes a
// narrow one before AM and PM, which looks the same.
func plainSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII && unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, s)
}

// formatLetters is the letters of a format, and an error for formats that would
// make gdfctl guess.
func formatLetters(format string) (string, error) {
	var letters strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		for i < len(format) && format[i] == ':' { // %:z
			i++
		}
		if i == len(format) {
			return "", fmt.Errorf("the format %q ends within a directive", format)
		}
		if !strings.ContainsRune("GYgyCmBbhAawuVUWedjkHlIPpMSsfZztn%c+vrFDxTXR", rune(format[i])) {
			return "", fmt.Errorf("the format %q contains an unknown letter", format)
		}
		letters.WriteByte(format[i])
	}
	has := letters.String()
	if !strings.ContainsAny(has, "GYgyCsc+vFDx") {
		return "", fmt.Errorf("the format %q has no year (%%Y or %%y)", format)
	}
	if strings.ContainsAny(has, "Il") && !strings.ContainsAny(has, "pPr") {
		return "", fmt.Errorf("the format %q has a 12-hour clock (%%I) without AM or PM: add %%p, or use %%H for 24 hours", format)
	}
	return has, nil
}

// dayAsMinute turns the directives that read a day of the month into one that
// reads any two digits and leaves the date alone.
var dayAsMinute = strings.NewReplacer("%%", "%%", "%d", "%M", "%e", "%M",
	"%F", "%Y-%m-%M", "%D", "%m/%M/%y", "%x", "%m/%M/%y", "%v", "%M-%b-%Y",
	"%c", "%a %b %M %H:%M:%S %Y", "%+", "%a %b %M %H:%M:%S %Z %Y")

// overflowed reports whether the 30th of February was read as the 2nd of March:
// read without its day, the text names another month than t.
func overflowed(t time.Time, format, text string, base *time.Location) bool {
	dayless, err := timefmt.ParseInLocation(text, dayAsMinute.Replace(format), base)
	return err == nil && dayless.Month() != t.Month()
}

// checkAbbreviation refuses a zone name (%Z) that nothing is known of. The time
// package makes one up, with the offset of UTC.
func checkAbbreviation(t time.Time, base *time.Location) error {
	name, offset := t.Zone()
	if offset != 0 || name == "UTC" || name == "GMT" || name == "Z" || name == "" {
		return nil
	}
	if known, _ := t.In(base).Zone(); known == name {
		return nil
	}
	return errors.New("the abbreviation of the time zone is unknown here: add the zone to parse_time as its third argument, or export times with an offset (%z)")
}
