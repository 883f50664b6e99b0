package html

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/gdfctl/gdfctl/internal/apply"
	"github.com/gdfctl/gdfctl/internal/order"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/words"
)

// toneOf is how a kind of order is colored.
func toneOf(k report.Kind) tone {
	switch k {
	case report.Kind(order.Cancel), report.Kind(apply.Failed), report.KindRefusedLater, report.KindInsertedTwice:
		return bad
	case report.Kind(order.Correct), report.KindHeld, report.KindHeldByPlan, report.Kind(report.ResultWord(apply.NotReviewed)), report.Kind(apply.Skipped), report.Kind(report.ResultWord(apply.NotReached)), report.KindDrifted, report.KindNotTaken:
		return warn
	case report.Kind(apply.Applied), report.Kind(apply.Confirmed), report.KindVerified, report.KindShown:
		return good
	case report.Kind(apply.Unknown), report.KindUnsettled:
		return odd
	}
	return note
}

// columns are those of the table of orders: each a list with an entry for every row.
// What many rows share is there once, in texts, and the others are numbers of it.
type columns struct {
	Texts   []string `json:"texts"`
	Kind    []int    `json:"kind"`
	Action  []int    `json:"action"`
	Source  []int    `json:"source"`
	Number  []string `json:"number"`
	Carrier []int    `json:"carrier"`
	Parcel  []string `json:"parcel"`
	Was     []int    `json:"was"`
	Shipped []int    `json:"shipped"`
	Note    []int    `json:"note"`
	Block   []int    `json:"block"`
	Found   []int    `json:"found"` // of sets
	Sets    [][]int  `json:"sets"`
	File    []int    `json:"file"`
	Line    []int    `json:"line"`

	Pages map[int]string `json:"pages"` // by the number of a file: its page, for a line to follow
	Tones map[int]string `json:"tones"` // by the number of a kind
}

// texts are numbered, the empty one 0.
type texts struct {
	list  []string
	index map[string]int
}

func (t *texts) of(s string) int {
	at, known := t.index[s]
	if !known {
		at = len(t.list)
		t.index[s] = at
		t.list = append(t.list, shown(s))
	}
	return at
}

// columnsOf are the orders of a table. What is in them is fit to be shown.
func columnsOf(table *report.OrderTable, review *report.Review) *columns {
	t := &texts{index: map[string]int{}}
	t.of("")
	sets := map[string]int{}
	c := &columns{Sets: [][]int{{}}, Pages: map[int]string{}, Tones: map[int]string{}}
	for i := range table.Rows {
		row := &table.Rows[i]
		kind, file := t.of(string(row.Kind)), t.of(row.At.File)
		c.Kind, c.File, c.Line = append(c.Kind, kind), append(c.File, file), append(c.Line, row.At.Line)
		c.Action = append(c.Action, t.of(string(row.Action)))
		c.Source = append(c.Source, t.of(row.Source))
		c.Number = append(c.Number, shown(row.Number))
		c.Carrier = append(c.Carrier, t.of(row.Carrier))
		c.Parcel = append(c.Parcel, shown(row.Parcel.Is))
		c.Was = append(c.Was, t.of(row.Parcel.Was))
		c.Shipped = append(c.Shipped, t.of(row.Shipped))
		c.Note = append(c.Note, t.of(row.Note))
		c.Block = append(c.Block, t.of(row.Block))
		c.Found = append(c.Found, c.set(t, sets, row.Found))
		c.Tones[kind] = string(toneOf(row.Kind))
		if c.Pages[file] == "" && row.At.File != "" {
			if page, ends := strings.CutSuffix(review.PageOf(row.At), strconv.Itoa(row.At.Line)); ends && isWebPage(page) {
				c.Pages[file] = page
			}
		}
	}
	c.Texts = t.list
	return c
}

// set is the number of some rules that an order does not meet.
func (c *columns) set(t *texts, sets map[string]int, rules []string) int {
	if len(rules) == 0 {
		return 0
	}
	key := strings.Join(rules, "\x00") + "\x00"
	at, known := sets[key]
	if !known {
		at = len(c.Sets)
		sets[key] = at
		numbers := make([]int, len(rules))
		for i, rule := range rules {
			numbers[i] = t.of(rule)
		}
		c.Sets = append(c.Sets, numbers)
	}
	return at
}

// writeOrders writes the table of orders: what it can be filtered by, and its rows as
// data, which the script draws.
func writeOrders(w *writer, table *report.OrderTable, review *report.Review) {
	w.in("section", func() {
		w.el("h2", "All orders")
		if len(table.Rows) == 0 {
			w.el("p", "There are no orders to list.", class("muted"))
			return
		}
		w.in("noscript", func() {
			w.el("p", "The table of "+words.Count(len(table.Rows), "order", "orders")+" needs JavaScript. What is above does not.")
		})
		w.in("form", func() { writeFilters(w, table) }, attr("id", "filters"), attr("role", "search"), attr("aria-label", "Orders"), attr("hidden", ""))
		w.in("div", func() {}, attr("id", "table"), attr("data-when", table.When))
		w.in("script", func() { w.WriteString(dataOf(columnsOf(table, review))) }, attr("type", "application/json"), attr("id", "data"))
	}, attr("id", "orders"), attr("tabindex", "-1"))
}

// dataOf is JSON that ends no script: < > and & are escaped in it, and what nobody
// sees, by encoding/json and safetext.
func dataOf(c *columns) string {
	text, err := json.Marshal(c)
	if err != nil { // of numbers and strings it can be made
		return "{}"
	}
	return string(safetext.JSON(text))
}

func writeFilters(w *writer, table *report.OrderTable) {
	w.in("p", func() {
		w.el("label", "Search", attr("for", "search"))
		w.void("input", attr("id", "search"), attr("type", "search"), attr("autocomplete", "off"), attr("spellcheck", "false"), attr("placeholder", "Order, tracking number, reason …"))
	}, class("search"))
	writeChoice(w, "kind", table.What, choices{list: table.Kinds})
	writeChoice(w, "source", "Marketplace", choices{list: table.Sources})
	writeChoice(w, "carrier", "Carrier", choices{list: table.Carriers})
	writeChoice(w, "found", "Block or finding", choices{"Blocks", blockPrefix, table.Blocks}, choices{"Findings", foundPrefix, table.Found})
	w.in("p", func() {
		w.el("output", words.Count(len(table.Rows), "order", "orders"), attr("id", "count"), attr("for", "search kind source carrier found"))
		w.text(" ")
		w.el("button", "Clear filters", attr("type", "reset"), attr("hidden", ""))
	}, class("count"))
}

// mostChoices is how many values a filter offers: the search finds the others.
const mostChoices = 200

// One filter chooses by two things: a value says by which.
const (
	blockPrefix = "b:"
	foundPrefix = "f:"
)

// choices are some things that rows can be chosen by.
type choices struct {
	group, prefix string
	list          []report.Share
}

// writeChoice writes a filter. The values are the texts as they are shown.
func writeChoice(w *writer, id, label string, groups ...choices) {
	w.in("p", func() {
		w.el("label", label, attr("for", id))
		w.in("select", func() {
			w.el("option", "All", attr("value", ""))
			for _, g := range groups {
				options := func() {
					for _, s := range g.list[:min(len(g.list), mostChoices)] {
						w.el("option", s.What+" ("+words.Number(s.Orders)+")", attr("value", g.prefix+s.What))
					}
				}
				switch {
				case len(g.list) == 0:
				case g.group == "":
					options()
				default:
					w.in("optgroup", options, attr("label", g.group))
				}
			}
		}, attr("id", id))
	})
}
