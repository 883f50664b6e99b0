package html

import (
	"github.com/gdfctl/gdfctl/internal/report"
)

// feeds are those that the latest check found to fail.
func (v *planView) feeds() {
	wrong := v.watched.In(report.Failing)
	if len(wrong) == 0 {
		return
	}
	title := v.watched.FailWords()
	v.section(bad, "✗", "Feeds: "+title, func() {
		v.list(listing{label: "Failing feeds", columns: []column{{"Feed", "first"}, {"What", ""}}, n: len(wrong), cell: func(row, column int) {
			if column == 0 {
				v.foreign(wrong[row].Name)
				return
			}
			for _, r := range wrong[row].In(report.Failing) {
				v.in("div", func() { v.foreign(r.Message) })
			}
		}})
		end := "This does not stop orders."
		if !v.review.Checked.IsZero() {
			end = "As of the check at " + v.times.Time("", v.review.Checked) + ". " + end
		}
		v.el("p", end)
	})
}

// next says what happens next, and until when it can.
func (v *planView) next() {
	next := v.d.Next()
	v.section(note, "→", next.Title, func() {
		v.in("p", func() {
			if next.Command != "" {
				v.el("code", next.Command)
				v.text(" ")
			}
			v.text(next.Text)
		})
	})
}
