package text

import (
	"fmt"
	"strings"
	"time"

	"github.com/gdfctl/gdfctl/internal/plan"
	"github.com/gdfctl/gdfctl/internal/safetext"
)

// reading tells how the orders were read: that is what the calls went into.
func (v *planView) reading() {
	const most = 5 // of many accounts, the JSON tells all
	if len(v.p.Accounts) > most {
		return
	}
	for _, a := range v.p.Accounts {
		how := readingWords(a.Read)
		if how == "" {
			continue
		}
		if len(v.p.Accounts) > 1 {
			how = safetext.Line(a.Name) + " " + how
		}
		v.sentence(strings.Fields("Read: " + how + ".")...)
	}
}

func readingWords(r plan.Reading) string {
	var did []string
	if !r.Since.IsZero() {
		did = append(did, fmt.Sprintf("listed all %s since %s", plural(r.Counted, "order", "orders"), r.Since.UTC().Format(time.DateOnly)))
	}
	if r.New != nil {
		did = append(did, "listed "+plural(*r.New, "new order", "new orders"))
	}
	if r.Found > 0 {
		did = append(did, fmt.Sprintf("found %s in %s by status and date", number(r.Found), plural(r.Listings, "listing", "listings")))
	}
	if r.Singles > 0 {
		single := fmt.Sprintf("%s one by one", number(r.Singles))
		if r.Since.IsZero() && r.Counted >= 0 {
			single += fmt.Sprintf(" (listing all %s takes more calls)", number(r.Counted))
		}
		did = append(did, single)
	}
	return strings.Join(did, ", ")
}
