package main

import (
	"fmt"
	"io"

	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/report"
	"github.com/gdfctl/gdfctl/internal/view/csv"
	"github.com/gdfctl/gdfctl/internal/view/json"
	"github.com/gdfctl/gdfctl/internal/view/text"
)

// printAs prints a document in the format that was chosen.
func printAs[D any](f *commandline.Format, p *program, document D, asCSV func(io.Writer, D) error, asText func(io.Writer, text.Style, D) error) error {
	switch f.Chosen {
	case report.JSON:
		return json.Object(p.stdout, document)
	case report.CSV:
		return asCSV(p.stdout, document)
	}
	return asText(p.stdout, p.styleOut, document)
}

func (p *program) printOrders(f *commandline.Format, list *report.OrderList) error {
	return printAs(f, p, list, csv.Orders, text.Orders)
}

func (p *program) printOrder(f *commandline.Format, single *report.SingleOrder) error {
	return printAs(f, p, single, csv.Order, text.Order)
}

func (p *program) printFeeds(f *commandline.Format, list *report.FeedList) error {
	return printAs(f, p, list, csv.Feeds, text.Feeds)
}

func (p *program) printFeed(f *commandline.Format, single *report.SingleFeed) error {
	return printAs(f, p, single, csv.Feed, text.Feed)
}

func (p *program) printCount(f *commandline.Format, n int) error {
	switch f.Chosen {
	case report.JSON:
		return json.Object(p.stdout, report.CountOf(n))
	case report.CSV:
		return csv.Count(p.stdout, report.CountOf(n))
	}
	_, err := fmt.Fprintln(p.stdout, n)
	return err
}
