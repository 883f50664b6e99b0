package diag

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// MostOfAKind is how many diagnostics of one kind are shown one by one; the rest
// are counted.
const MostOfAKind = 50

// quotedName is what tells two diagnostics of one kind apart.
var quotedName = regexp.MustCompile(`"(?:[^"\\\\]|\\\\.)*"`)

// Limited sorts diagnostics by place, keeps the first of each kind and counts
// the rest. What has no place comes first.
func Limited(list List) List {
	l := NewLimiter(Compare)
	for _, d := range list {
		l.Add(d)
	}
	return l.List()
}

// Limiter does the same for diagnostics that are found one after the other: a
// hundred thousand lines can each have one, and only those that are shown are kept.
type Limiter struct {
	compare func(a, b *Diagnostic) int
	kinds   map[kind]*ofKind
	added   int
}

// NewLimiter is a Limiter that sorts with compare. Those that are equal stay in the
// order in which they were added.
func NewLimiter(compare func(a, b *Diagnostic) int) *Limiter {
	return &Limiter{compare: compare, kinds: map[kind]*ofKind{}}
}

// kind is what diagnostics are counted by.
type kind struct {
	severity Severity
	summary  string
}

func kindOf(d *Diagnostic) kind {
	return kind{d.Severity, quotedName.ReplaceAllLiteralString(d.Summary, `"…"`)}
}

type ofKind struct {
	kind
	count int
	first []numbered // in the order of List, at most MostOfAKind
}

// numbered is a diagnostic with its number among those that were added.
type numbered struct {
	*Diagnostic
	no int
}

func (l *Limiter) order(a, b numbered) int {
	return cmp.Or(l.compare(a.Diagnostic, b.Diagnostic), cmp.Compare(a.no, b.no))
}

// Add takes in a diagnostic.
func (l *Limiter) Add(d *Diagnostic) {
	k := kindOf(d)
	of := l.kinds[k]
	if of == nil {
		of = &ofKind{kind: k}
		l.kinds[k] = of
	}
	of.count++
	l.added++
	n := numbered{d, l.added}
	if at, _ := slices.BinarySearchFunc(of.first, n, l.order); at < MostOfAKind {
		of.first = slices.Insert(of.first, at, n)
		of.first = of.first[:min(len(of.first), MostOfAKind)]
	}
}

// List is what is shown: those that are kept, and then the counts of the others,
// in the order of the first of each kind.
func (l *Limiter) List() List {
	kinds := slices.SortedFunc(maps.Values(l.kinds), func(a, b *ofKind) int { return l.order(a.first[0], b.first[0]) })
	var kept []numbered
	for _, k := range kinds {
		kept = append(kept, k.first...)
	}
	slices.SortFunc(kept, l.order)
	var list List
	for _, n := range kept {
		list = append(list, n.Diagnostic)
	}
	for _, k := range kinds {
		if more := k.count - len(k.first); more > 0 {
			list = append(list, &Diagnostic{Severity: k.severity, Summary: k.summary, Detail: fmt.Sprintf("… and %d more of this kind.", more)})
		}
	}
	return list
}

// Compare orders diagnostics by file, line and column. What has no place comes
// first.
func Compare(a, b *Diagnostic) int {
	if a.Range == nil || b.Range == nil {
		return cmp.Compare(rank(a), rank(b))
	}
	return cmp.Or(cmp.Compare(a.Range.File, b.Range.File), cmp.Compare(a.Range.Start.Line, b.Range.Start.Line),
		cmp.Compare(a.Range.Start.Column, b.Range.Start.Column))
}

// rank puts what has no place before what has one.
func rank(d *Diagnostic) int {
	if d.Range == nil {
		return 0
	}
	return 1
}
