package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// An expression is what one needs to be there.
type expression struct {
	Error   string   `json:"error"` // empty: it can be evaluated
	Metrics []metric `json:"metrics"`
	Labels  []string `json:"labels"` // by which it groups and joins
}

type metric struct {
	Name   string   `json:"name"`
	Labels []string `json:"labels"`
}

func expressions(from io.Reader) ([]expression, error) {
	all, reader := []expression{}, parser.NewParser(parser.Options{})
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		parsed, err := reader.ParseExpr(lines.Text())
		if err != nil {
			all = append(all, expression{Error: fmt.Sprintf("%s: %v", lines.Text(), err)})
			continue
		}
		all = append(all, needs(parsed))
	}
	return all, lines.Err()
}

func needs(parsed parser.Expr) (e expression) {
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		switch n := node.(type) {
		case *parser.VectorSelector:
			m := metric{Name: n.Name}
			for _, matcher := range n.LabelMatchers {
				if matcher.Name != labels.MetricName {
					m.Labels = append(m.Labels, matcher.Name)
				}
			}
			e.Metrics = append(e.Metrics, m)
		case *parser.AggregateExpr:
			e.Labels = append(e.Labels, n.Grouping...)
		case *parser.BinaryExpr:
			if n.VectorMatching != nil {
				e.Labels = append(append(e.Labels, n.VectorMatching.MatchingLabels...), n.VectorMatching.Include...)
			}
		}
		return nil
	})
	return e
}
