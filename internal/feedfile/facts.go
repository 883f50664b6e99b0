package feedfile

// Spec says what is measured in each row, besides what is always looked at.
// Columns are named as in the file's header; outer space and letter case don't
// matter. A blank cell is not a duplicate, and not a bad GTIN, price or link: whether it
// may be blank is what RequiredValues is for.
type Spec struct {
	HeaderLine  int    `json:",omitempty"` // the line of the header, from 1; 0: the first that is not blank
	Delimiter   byte   `json:",omitempty"` // 0: found by the first rows
	Encoding    string `json:",omitempty"` // empty: the byte order mark decides, and UTF-8 without one
	Compression string `json:",omitempty"` // CompressionFound and so on

	RequiredColumns []string // must be in the header
	Unique          []string // each value once
	RequiredValues  []string // no blank cells
	GTIN            []string // 8, 12, 13 or 14 digits, the last a right check digit
	Price           []string // an amount above zero, with a currency or without
	HTTPS           []string // links that begin with https://; AllLinks for every link column
}

// AllLinks in Spec.HTTPS stands for each column of the header whose last word is
// link or url: link, image_link_2, Product URLs, mainImageUrl.
const AllLinks = "*"

// The encodings of Facts.
const (
	UTF8    = "UTF-8"
	UTF16LE = "UTF-16LE"
	UTF16BE = "UTF-16BE"

	Windows1252 = "windows-1252"
	ISO885915   = "ISO-8859-15"
)

// Facts are what Scan found: counts, names of columns and line numbers, never
// what a cell holds. Lines are counted from 1, and 0 is none; a row's line is
// the one that it begins on.
type Facts struct {
	Empty bool // nothing but space; a file of a header alone has 0 Rows instead
	HTML  bool // a page instead of a table; nothing else is measured
	XML   bool // an XML document; nothing else is measured

	// Archive is what is wrong with a compressed file; nothing else is measured.
	Archive string

	Encoding     string // as the byte order mark says; UTF8 without one
	BadBytesLine int    // the first with bytes that are not text in Encoding, or with a NUL

	Delimiter      rune     // ',', '\t', ';' or '|'
	Header         []string // names as written, without outer space: foreign text
	HeaderHash     string   // of the names in any order, 16 hexadecimal digits; empty without a header
	MissingColumns []string // those of RequiredColumns that are not in the header

	Rows             int // below the header, those without anything in them aside
	Ragged           int // rows with another number of cells than the header; not measured
	FirstRaggedLine  int
	Damaged          int // rows, or a header, with a cell longer than MaxCell or a quote that is never closed; not measured, and not in Ragged
	FirstDamagedLine int
	Swallowed        int // lines in quoted cells that look like rows: a quote is not closed, and they are counted nowhere else
	FirstSwallowing  int // the line on which the first such cell begins

	Unique                             []UniqueFact // one for each column of the Spec, in its order; several columns of that name together
	Blank, BadGTIN, BadPrice, NotHTTPS []ColumnFact
}

// UniqueFact is about a column whose values should differ.
type UniqueFact struct {
	Column     string // as in the Spec
	Missing    bool   // there is no such column: nothing was measured
	Duplicates int    // rows whose value is in an earlier row too
	FirstLine  int    // of the first such row
	Unchecked  int    // rows that came after MaxKeys values and were not compared
}

// ColumnFact is about the cells of a column.
type ColumnFact struct {
	Column    string // as in the Spec; for AllLinks, each column's own name
	Missing   bool   // there is no such column, of AllLinks none at all: nothing was measured
	Count     int    // cells that are not as they should be
	FirstLine int    // the row of the first
}
