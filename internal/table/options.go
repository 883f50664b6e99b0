package table

// MaxRecord is the most bytes that one record may have. It bounds the memory
// that a quote which is never closed can take.
const MaxRecord = 1 << 20

// Quotes says what a quote means in a CSV file.
type Quotes string

// The ways to read quotes. QuotesByDelimiter is QuotesLine for tabs, which
// marketplaces write without quoting anything, and otherwise QuotesStandard.
const (
	QuotesByDelimiter Quotes = ""
	QuotesStandard    Quotes = "standard" // a cell that begins with a quote ends with one; line breaks may stand inside
	QuotesLine        Quotes = "line"     // as standard, as far as the lines by themselves do not say otherwise
	QuotesNone        Quotes = "none"     // a quote is an ordinary character
)

// AllQuotes are the words of Quotes that can be written.
var AllQuotes = []Quotes{QuotesStandard, QuotesLine, QuotesNone}

// Encoding is how the characters of a file are written.
type Encoding string

// The encodings. EncodingByMark is what the byte order mark says, and UTF-8
// without one.
const (
	EncodingByMark Encoding = ""
	UTF8           Encoding = "utf-8"
	UTF16LE        Encoding = "utf-16le"
	UTF16BE        Encoding = "utf-16be"
	Windows1252    Encoding = "windows-1252"
	ISO885915      Encoding = "iso-8859-15"
)

// Encodings are those that can be written.
var Encodings = []Encoding{UTF8, UTF16LE, UTF16BE, Windows1252, ISO885915}

// CSVOptions say how a CSV file is written. The zero value finds it out.
type CSVOptions struct {
	Delimiter  rune // 0: a first line sep=X, or comma, tab, semicolon or pipe by the first records
	Encoding   Encoding
	Quotes     Quotes
	HeaderLine int      // the physical line of the header, from 1; 0: the first that is not blank
	Columns    []string // the names of the columns of a file without a header

	// Keys are columns that hold something in every row. A quoted cell over
	// several lines is an error if one of them looks like a row by itself: a quote
	// was not closed. With Quotes written as standard it is a warning.
	Keys []string

	// Headers recognize the header of a known export, the surest first, for files
	// that have other lines above it. They are not asked if HeaderLine or Columns
	// is set.
	Headers []func(names []string) bool

	// Names finds the columns that further names stand for, by their places in a
	// header. A name with several columns is one that several columns have. Columns
	// that the header itself calls so come first, unless a name is found again here.
	Names func(names []string) map[string][]int

	// Reads reports whether a header has the columns that are read. It is asked of
	// files that have nothing but one: rows show the lack of a column by themselves.
	Reads func(*Header) bool

	// Warn gets what may be wrong and does not stop reading; it may be nil.
	Warn func(*Error)
}

func (o *CSVOptions) warn(e *Error) {
	if o.Warn != nil {
		o.Warn(e)
	}
}

// quotes is how quotes are read with a delimiter.
func (o *CSVOptions) quotes(delimiter string) Quotes {
	switch {
	case o.Quotes != QuotesByDelimiter:
		return o.Quotes
	case delimiter == "\t":
		return QuotesLine
	}
	return QuotesStandard
}
