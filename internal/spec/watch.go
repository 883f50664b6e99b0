package spec

import (
	"cmp"
	"regexp"
	"strings"
	"time"
)

// Watch says what is expected of some feeds of an account.
type Watch struct {
	Name    string
	Account *Account
	Feeds   string // a glob on the feed's name; empty where FeedID is set
	FeedID  string
	Place   Place

	MaxAge         time.Duration // of the last compilation
	MaxSubmitAge   time.Duration // of the last submission or pull; 0: not asked for
	MaxDrop        float64       // of the items, as a share of what there were
	MaxRise        float64       // likewise
	MaxErrorRatio  float64       // items with errors, as a share of all
	MaxWarningRise float64       // of the share of items with warnings: 0.10 is ten points
	ItemAllotment  int           // items that the plan of the account allows; 0: not asked for

	Content *WatchContent // nil: the file is not looked at
	Rules   []*WatchRule

	Severities map[string]string // "error", "warning" or "off", by the name of a built-in rule
	Places     map[string]Place  // of attributes that are written, by the name of their rule
	Glob       *regexp.Regexp    // of Feeds
}

// WatchRule is a condition of a watch's own.
type WatchRule struct {
	Name     string
	Place    Place
	Severity string // "error" or "warning"
	// Check compares what was observed with the rule. A value that is missing makes
	// the outcome unknown, unless the rule itself provides for it, by naming null
	// or by try, can and coalesce.
	Check func(Observed) RuleOutcome
}

// WatchContent says what is looked for in a feed's file. Columns are named as
// in its header.
type WatchContent struct {
	Shape FileShape

	RequiredColumns []string
	MatchCount      bool // rows agree with the items that have no error
	Unique          []string
	RequiredValues  []string
	GTIN            []string
	Price           []string
	HTTPS           []string // EveryLink for each column of links
}

// FileShape is how a feed's file is written, as far as the configuration says; zero values
// are found out.
type FileShape struct {
	HeaderLine  int    // from 1
	Delimiter   byte   // an ASCII character
	Encoding    string // one of FeedEncodings
	Compression string // one of FeedCompressions
}

// What a configuration can say of a file.
var (
	FeedEncodings    = []string{"utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-15"}
	FeedCompressions = []string{"none", "gzip", "zip"}
)

// With is the shape with what the other one says of what this one leaves open.
func (s FileShape) With(other FileShape) FileShape {
	return FileShape{
		cmp.Or(s.HeaderLine, other.HeaderLine), cmp.Or(s.Delimiter, other.Delimiter),
		cmp.Or(s.Encoding, other.Encoding), cmp.Or(s.Compression, other.Compression),
	}
}

// EveryLink in WatchContent.HTTPS means each column of links.
const EveryLink = "*"

// Matches reports whether the watch is about the feed of that id and name.
func (w *Watch) Matches(id, name string) bool {
	if w.FeedID != "" {
		return w.FeedID == id
	}
	return w.Glob.MatchString(name)
}

// Severity is what the configuration says of a built-in rule: "error", "warning"
// or "off", or "" where it leaves the rule as it is.
func (w *Watch) Severity(rule string) string { return w.Severities[rule] }

// PlaceOf is where a built-in rule is written, or the watch itself for one
// that holds by default.
func (w *Watch) PlaceOf(rule string) Place {
	if at, ok := w.Places[rule]; ok {
		return at
	}
	return w.Place
}

// Literals are the pieces of text that every name holds which the glob matches.
func (w *Watch) Literals() []string {
	return strings.FieldsFunc(w.Feeds, func(r rune) bool { return r == '*' || r == '?' })
}

// Glob matches a whole name: * is any text and ? any character. Nothing else
// has a meaning, since names of feeds hold brackets, slashes and backslashes of
// their own. What is not UTF-8 stands for U+FFFD, as in names that were decoded.
func Glob(glob string) *regexp.Regexp {
	pattern := regexp.QuoteMeta(strings.ToValidUTF8(glob, "\uFFFD"))
	pattern = strings.ReplaceAll(pattern, `\*`, `.*`)
	pattern = strings.ReplaceAll(pattern, `\?`, `.`)
	return regexp.MustCompile(`(?s)\A` + pattern + `\z`)
}
