package main

import (
	"github.com/gdfctl/gdfctl/internal/commandline"
	"github.com/gdfctl/gdfctl/internal/reconcile"
)

// source is the configuration of --chdir with these variables.
func (p *program) source(f commandline.Variables) reconcile.Source {
	return reconcile.Source{Dir: p.Dir, Vars: f.Values(), VarFiles: f.Files}
}

// parsePeriod reads --since and --until.
func parsePeriod(since, until string) (reconcile.Period, error) {
	var p reconcile.Period
	var err error
	if p.Since, err = reconcile.ParseMoment(since); err != nil {
		return p, commandline.Usagef("--since %w", err)
	}
	if p.Until, err = reconcile.ParseMoment(until); err != nil {
		return p, commandline.Usagef("--until %w", err)
	}
	return p, nil
}
