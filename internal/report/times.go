package report

import "time"

// nullable is a text that JSON shows as null where it is empty.
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// wholeSeconds is a time as JSON writes it, null for the zero time.
func wholeSeconds(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// Stamp is a time in the fields of things, empty for the zero time.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
