package table

// tail is what is known of the last cells of records, which tells if the last one of a
// file that ends in the middle of a line is whole.
type tail struct {
	cells   int    // in each record since it was otherwise; 0: none was read
	longest int    // last cell of those, in bytes
	text    string // of the latest
}

// cut is which cell of the record may be cut off, from 1, and 0 if none is.
func (t *tail) cut(r *records) int {
	n := len(r.cells)
	last := r.cells[n-1]
	if n != t.cells {
		*t = tail{}
	}
	whole := r.ended || r.closed ||
		t.cells > 0 && (len(last) >= t.longest || last == t.text)
	*t = tail{n, max(t.longest, len(last)), last}
	if whole {
		return 0
	}
	return n
}
