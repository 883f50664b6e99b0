package markdown

import (
	"strings"

	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/words"
)

// feeds are those that the latest check found to fail.
func (v *planView) feeds() *part {
	wrong := v.watched.In(report.Failing)
	if len(wrong) == 0 {
		return whole("")
	}
	head := heading("Feeds: %s", v.watched.FailWords())
	end := "This does not stop orders."
	if !v.r.Checked.IsZero() {
		end = "As of the check at " + v.times.Time("", v.r.Checked) + ". " + end
	}
	p := listing(head, "Feed", "What", len(wrong), func(i int) (string, string) {
		var what []string
		for _, r := range wrong[i].In(report.Failing) {
			if len(what) == few {
				what = append(what, "…")
				break
			}
			what = append(what, plain(r.Message, mostReason))
		}
		return plain(wrong[i].Name, mostName), strings.Join(what, "<br>")
	})
	for i := range p.versions {
		p.versions[i] += "\n" + end + "\n"
	}
	return p
}

// after says what happens next, until when it can, and what the plan is about.
func (v *planView) after() *part {
	var b strings.Builder
	next := v.d.Next()
	b.WriteString(heading("%s", next.Title))
	if next.Command != "" {
		b.WriteString("`" + next.Command + "` ")
	}
	b.WriteString(next.Text)
	facts := []string{"Plan " + code(v.d.PlanHashShort, mostValue)}
	if text := v.r.Numbered(); text != "" {
		facts = append(facts, text)
	}
	if v.r.Commit != "" {
		text := "commit " + code(words.ShortHash(v.r.Commit), mostValue)
		if v.r.Base != "" {
			text += " on "
			if v.r.Branch != "" {
				text += plain(v.r.Branch, mostName) + " "
			}
			text += code(words.ShortHash(v.r.Base), mostValue)
		}
		facts = append(facts, text)
	}
	if !v.d.CreatedAt.IsZero() {
		facts = append(facts, "read "+v.times.Date(v.d.CreatedAt))
	}
	if v.r.RunURL != "" {
		facts = append(facts, link("this run", v.r.RunURL))
	}
	b.WriteString("\n\n" + strings.Join(facts, " · ") + "\n")
	return whole(b.String())
}
