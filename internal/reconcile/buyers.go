package reconcile

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gdfctl/gdfctl/internal/checkout"
	"github.com/gdfctl/gdfctl/internal/config"
	"github.com/gdfctl/gdfctl/internal/diag"
	"github.com/gdfctl/gdfctl/internal/rules"
	"github.com/gdfctl/gdfctl/internal/safetext"
	"github.com/gdfctl/gdfctl/internal/spec"
	"github.com/gdfctl/gdfctl/internal/words"
)

// lookForBuyers lets a configuration look for buyers in the tables that git tracks:
// a history can't forget. Without a repository there is nothing to look for.
func (d Deps) lookForBuyers(ctx context.Context, s Source, cfg *config.Config, o Observer) {
	tracked, err := checkout.At(s.dir()).Tracked(ctx)
	if err != nil {
		o.warnf("it is not known which tables are in version control, so nothing looked for buyers in them (PII01): %s", safetext.Line(err.Error()))
	}
	if len(tracked) > 0 {
		cfg.LookForBuyers(func(file string) bool { return tracked[strings.ToLower(file)] })
	}
}

// buyersTracked reports tables in version control that identify buyers (PII01): errors
// in CI, where they are about to become part of a shared history.
func (d Deps) buyersTracked(s Source, tables []spec.BuyerTable, raised rules.Raised) diag.List {
	var diags diag.List
	var seen []string
	strict := d.Provenance.CI != "" || raised["PII01"]
	for _, t := range tables {
		if slices.Contains(seen, t.File) {
			continue
		}
		seen = append(seen, t.File)
		advice := "Remove the file from version control and add it to .gitignore, or remove from it what is not needed."
		if t.Copyable {
			advice = "Remove the file from version control, and commit a copy with only the columns that the batch uses:\n" + d.slimCommand(s, t.File)
		}
		found := t.Place.Warning("PII01: a table with buyers' data is in version control",
			fmt.Sprintf("%s has %s. A history can't forget. %s", safetext.Line(t.File), buyerColumns(t), advice))
		if strict {
			found.Severity = diag.Error
		}
		diags = append(diags, found)
	}
	return diags
}

// buyerColumns names the columns of a table that identify buyers.
func buyerColumns(t spec.BuyerTable) string {
	const most = 5
	list := func(names []string) string { return strings.Join(safetext.Quoted(names, most), ", ") }
	var parts []string
	if n := len(t.Named); n > 0 {
		parts = append(parts, words.Count(n, "column that identifies buyers", "columns that identify buyers")+": "+list(t.Named))
	}
	if n := len(t.Filled); n > 0 {
		parts = append(parts, "e-mail addresses or phone numbers in "+list(t.Filled))
	}
	return strings.Join(parts, ", and ")
}

// slimCommand writes a copy of a table without what its batch does not use.
func (d Deps) slimCommand(s Source, file string) string {
	return d.command("init", "--from", filepath.ToSlash(filepath.Join(s.dir(), filepath.FromSlash(file))), "--out", s.freeFolder(file))
}

// freeFolder is where the copy of a table can go: a folder beside its own, in which
// there is no file of that name.
func (s Source) freeFolder(file string) string {
	folder := path.Dir(file)
	if folder == "." {
		folder = "tables"
	}
	for n := 1; ; n++ {
		candidate := folder + "-slim"
		if n > 1 {
			candidate = fmt.Sprintf("%s-slim%d", folder, n)
		}
		if _, err := os.Lstat(filepath.Join(s.dir(), filepath.FromSlash(candidate), path.Base(file))); err != nil {
			return candidate
		}
	}
}
